"""State on SQLite (WAL) or PostgreSQL through SQLAlchemy; the schema is Alembic's."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from opsweave.facts.base import Fact
from opsweave.kernel.errors import RetryLater
from opsweave.kernel.ids import DEFAULT_TENANT
from opsweave.record.state.coding import broken_link, fact_of, link, row_of, tag_of
from opsweave.record.state.port import AuditEntry
from opsweave.record.state.slices import Slice, Where, checked, facet_of, order_of, spread, token
from opsweave.record.state.sql_slices import among, column_of, conditions, ordered
from opsweave.record.state.tables import AUDIT, FACTS

F = TypeVar("F", bound=Fact)
_KEY = ("tenant", "type", "id")


def sqlite_url(path: Path) -> str:
    """URL of a SQLite file."""
    return f"sqlite:///{path}"


class SqlState:
    """Facts in one table. Writers take turns; a thread's own transaction sees its own writes."""

    def __init__(self, url: str) -> None:
        self._engine = sa.create_engine(
            url,
            pool_size=8,
            connect_args={"timeout": 30} if url.startswith("sqlite") else {},
        )
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _pragmas)
        self._writers = threading.RLock()
        self._mine = threading.local()
        # Made once: building a statement costs more than executing it.
        insert = self._insert()
        changed = {c.name: insert.excluded[c.name] for c in FACTS.c if c.name not in _KEY}
        self._put = insert.on_conflict_do_update(index_elements=list(_KEY), set_=changed)
        self._put_new = insert.on_conflict_do_nothing()
        self._migrate()

    def put(self, fact: Fact) -> None:
        """Insert or replace by (tenant, type, id)."""
        with self._write() as connection:
            connection.execute(self._put, row_of(fact))

    def put_new(self, fact: Fact) -> bool:
        """Insert; False (and nothing written) when the id exists already."""
        with self._write() as connection:
            return connection.execute(self._put_new, row_of(fact)).rowcount == 1

    def get(self, type_: type[F], id_: str, *, tenant: str = DEFAULT_TENANT) -> F | None:
        """The fact with this id."""
        query = sa.select(FACTS.c.schema_version, FACTS.c.body).where(
            FACTS.c.tenant == tenant, FACTS.c.type == tag_of(type_), FACTS.c.id == id_
        )
        with self._read() as connection:
            row = connection.execute(query).first()
        return None if row is None else fact_of(type_, row[0], row[1])

    def find(
        self,
        type_: type[F],
        *,
        entity: str | None = None,
        status: Sequence[str] | None = None,
        since_ns: int | None = None,
        until_ns: int | None = None,
        limit: int = 1000,
        newest_first: bool = True,
        tenant: str = DEFAULT_TENANT,
    ) -> list[F]:
        """Facts that match all given filters, ordered by time."""
        query = sa.select(FACTS.c.schema_version, FACTS.c.body).where(
            FACTS.c.tenant == tenant, FACTS.c.type == tag_of(type_)
        )
        if entity is not None:
            query = query.where(FACTS.c.entity == entity)
        if status is not None:
            query = query.where(FACTS.c.status.in_(list(status)))
        if since_ns is not None:
            query = query.where(FACTS.c.at_ns >= since_ns)
        if until_ns is not None:
            query = query.where(FACTS.c.at_ns < until_ns)
        order = (FACTS.c.at_ns, FACTS.c.id)
        query = query.order_by(*(c.desc() for c in order) if newest_first else order).limit(limit)
        with self._read() as connection:
            rows = connection.execute(query).all()
        return [fact_of(type_, version, body) for version, body in rows]

    def many(self, type_: type[F], ids: Sequence[str], *, tenant: str = DEFAULT_TENANT) -> list[F]:
        """Those of ``ids`` that are there, in their order."""
        wanted = tuple(dict.fromkeys(ids))
        if not wanted:
            return []
        query = sa.select(FACTS.c.id, FACTS.c.schema_version, FACTS.c.body).where(
            FACTS.c.tenant == tenant,
            FACTS.c.type == tag_of(type_),
            among(wanted, self._engine.dialect.name),
        )
        with self._read() as connection:
            found = connection.execute(query).all()
        rows = {id_: (version, body) for id_, version, body in found}
        return [fact_of(type_, *rows[id_]) for id_ in wanted if id_ in rows]

    def page(
        self,
        type_: type[F],
        where: Where,
        *,
        sort: str = "-at",
        after: str = "",
        limit: int = 50,
        tenant: str = DEFAULT_TENANT,
    ) -> Slice[F]:
        """One page in an order; only its own bodies are read."""
        order, size = order_of(sort, after), checked(limit)
        # Ids first: sorting whole rows would carry every body through the sorter.
        columns = (FACTS.c.id, FACTS.c[order.column].label("value"), FACTS.c.at_ns.label("at"))
        query = sa.select(*columns).where(*self._under(type_, where, tenant))
        with self._read() as connection:
            rows = connection.execute(ordered(query, order, where).limit(size + 1)).all()
        facts = self.many(type_, [row.id for row in rows[:size]], tenant=tenant)
        last = rows[size - 1] if len(rows) > size else None
        more = token(last.value, last.at, last.id) if last is not None else ""
        return Slice(facts=tuple(facts), next=more)

    def count(self, type_: type[F], where: Where, *, tenant: str = DEFAULT_TENANT) -> int:
        """How many there are under the filters."""
        query = sa.select(sa.func.count()).where(*self._under(type_, where, tenant))
        with self._read() as connection:
            return int(connection.execute(query).scalar_one())

    def facet(
        self, type_: type[F], by: str, where: Where, *, tenant: str = DEFAULT_TENANT
    ) -> dict[str, int]:
        """Value of a column -> how many have it; the most frequent first."""
        crossed = self.cross(type_, (by,), where, tenant=tenant)
        return spread(by, {value: n for (value,), n in crossed.items()})

    def cross(
        self, type_: type[F], by: Sequence[str], where: Where, *, tenant: str = DEFAULT_TENANT
    ) -> dict[tuple[str, ...], int]:
        """Values of several columns together -> how many have them; one pass over the rows."""
        columns = [column_of(where)(facet_of(name)) for name in by]
        query = sa.select(*columns, sa.func.count()).where(*self._under(type_, where, tenant))
        with self._read() as connection:
            rows = connection.execute(query.group_by(*columns)).all()
        return {tuple(values): int(n) for *values, n in rows}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything put inside is committed together or not at all."""
        with self._write():
            yield

    def audit(
        self, *, at_ns: int, principal: str, verb: str, object_: str, says: str = ""
    ) -> AuditEntry:
        """Append to the hash chain."""
        with self._write() as connection:
            last = connection.execute(
                sa.select(AUDIT.c.number, AUDIT.c.hash).order_by(AUDIT.c.number.desc()).limit(1)
            ).first()
            number, previous = (last[0] + 1, last[1]) if last else (0, "")
            entry = link(number, at_ns, principal, verb, object_, says, previous)
            connection.execute(
                sa.insert(AUDIT).values(
                    number=entry.number,
                    tenant=entry.tenant,
                    at_ns=at_ns,
                    principal=principal,
                    verb=verb,
                    object=object_,
                    says=says,
                    previous=previous,
                    hash=entry.hash,
                )
            )
        return entry

    def audit_trail(self, *, limit: int = 1000) -> list[AuditEntry]:
        """The newest entries, newest first."""
        query = sa.select(AUDIT).order_by(AUDIT.c.number.desc()).limit(limit)
        with self._read() as connection:
            rows = connection.execute(query).mappings().all()
        return [AuditEntry(**row) for row in rows]

    def verify_audit(self) -> int | None:
        """Number of the first entry that does not fit the chain; None when all do."""
        with self._read() as connection:
            rows = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.number)).mappings().all()
        return broken_link([AuditEntry(**row) for row in rows])

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    # -- inside ---------------------------------------------------------------------------------

    def _under(self, type_: type[F], where: Where, tenant: str) -> list[sa.ColumnElement[bool]]:
        return conditions(tag_of(type_), tenant, where, self._engine.dialect.name)

    def _insert(self) -> Any:
        if self._engine.dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert

            return insert(FACTS)
        from sqlalchemy.dialects.sqlite import insert as insert_sqlite

        return insert_sqlite(FACTS)

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        current: sa.Connection | None = getattr(self._mine, "connection", None)
        if current is not None:
            yield current
            return
        with self._writers:
            try:
                with self._engine.begin() as connection:
                    self._mine.connection = connection
                    try:
                        yield connection
                    finally:
                        self._mine.connection = None
            except sa.exc.OperationalError as error:
                raise RetryLater(f"the state store cannot be written: {error.orig}") from error

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        current: sa.Connection | None = getattr(self._mine, "connection", None)
        if current is not None:
            yield current
            return
        try:
            with self._engine.connect() as connection:
                yield connection
        except sa.exc.OperationalError as error:
            raise RetryLater(f"the state store cannot be read: {error.orig}") from error

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", "opsweave.record.state:migrations")
        with self._engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
