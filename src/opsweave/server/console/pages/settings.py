"""Settings: tokens, which are made here; all else is read from files, and shown as it was read."""

from __future__ import annotations

import msgspec

from opsweave.pages import (
    Action,
    AnyWidget,
    Cell,
    Column,
    Field,
    Form,
    Note,
    Option,
    Page,
    PageQuery,
    PageSpec,
    Row,
    Section,
    State,
    Table,
)
from opsweave.record.telemetry.schema import TABLES
from opsweave.server.auth import Scope
from opsweave.server.console.pages.sources import Sources
from opsweave.server.console.pages.words import ms
from opsweave.server.retention_policy import RetentionPolicy

DAY_S = 86_400.0
SCOPES = {
    Scope.INGEST: "send telemetry, events and alerts",
    Scope.READ: "read everything but raw payloads",
    Scope.APPROVE: "approve plans, judge incidents",
    Scope.ADMIN: "read, make tokens, see payloads, replay, query",
}
SIGNALS = (*TABLES, "points_5m", "applied")
TITLES = {"points_5m": "points, five minutes each", "applied": "outcomes of payloads"}


def spec(sources: Sources) -> PageSpec:
    """``settings``."""

    def make(query: PageQuery) -> Page:
        return page(sources, query)

    return PageSpec(
        pattern="settings", title="Settings", group="System", key="s", order=20, make=make
    )


def page(sources: Sources, query: PageQuery) -> Page:
    """Tokens need the scope admin; the rest may be read by all who read."""
    return Page(
        path=query.path,
        title="Settings",
        sections=(
            Section(id="tokens", title="Tokens", widgets=_tokens(sources, query), tab=True),
            Section(id="retention", title="Retention", widgets=(_retention(sources),), tab=True),
            Section(id="policy", title="Policy", widgets=_policy(sources), tab=True),
            Section(id="people", title="People and channels", widgets=_people(), tab=True),
        ),
        timed=False,
    )


def _tokens(sources: Sources, query: PageQuery) -> tuple[AnyWidget, ...]:
    if not query.may("admin"):
        denied = Table(
            id="tokens",
            state=State.DENIED,
            missing=f"Tokens are for those with the scope admin; {query.who} does not have it.",
            remedy="Sign in with a token made by opsweave token create --scope admin.",
        )
        return (denied,)
    create = Form(
        id="create",
        title="Make a token",
        says="Its secret is shown once and kept nowhere.",
        fields=(
            Field(name="name", title="For whom or what", required=True),
            Field(
                name="scopes",
                title="May",
                input="many",
                value=(Scope.INGEST.value,),
                options=tuple(
                    Option(value=scope.value, title=f"{scope.value}: {says}")
                    for scope, says in SCOPES.items()
                ),
                required=True,
            ),
        ),
        submit=Action(id="create", title="Make", path="tokens"),
        submit_title="Make",
        shows_answer=True,
    )
    return (_token_table(sources), create)


def _token_table(sources: Sources) -> Table:
    tokens = sorted(sources.tokens.tokens(), key=lambda token: -token.created_ns)
    last = {one.token: one.last_ns for one in reversed(sources.senders.all())}
    return Table(
        id="tokens",
        says="Whoever holds the secret of one may do what its scopes say.",
        columns=(
            Column(key="name", title="For"),
            Column(key="scopes", title="May"),
            Column(key="created", title="Made", shows="time"),
            Column(key="sent", title="Last sent", shows="time", hide_on_phone=True),
            Column(key="id", title="Id", shows="code", hide_on_phone=True),
        ),
        rows=tuple(
            Row(
                id=token.id,
                actions=("revoke",),
                cells={
                    "name": Cell(value=token.name or token.id),
                    "scopes": Cell(value=", ".join(token.scopes)),
                    "created": Cell(value=ms(token.created_ns)),
                    "sent": Cell(value=ms(last.get(token.id)), hint="since the server started"),
                    "id": Cell(value=token.id),
                },
            )
            for token in tokens
        ),
        total=len(tokens),
        actions=(
            Action(
                id="revoke",
                title="Revoke",
                method="DELETE",
                path="tokens/{id}",
                confirm="Revoke it? Whoever uses it is refused at once, and signed out.",
                danger=True,
            ),
        ),
        state=State.OK if tokens else State.EMPTY,
        missing="" if tokens else "There is no token.",
        remedy="" if tokens else "Make one below.",
    )


def _retention(sources: Sources) -> Table:
    policy, settings = sources.configuration.retention, sources.settings
    rows = [
        Row(
            id=signal,
            cells={
                "what": Cell(value=TITLES.get(signal, signal)),
                **_limits(policy, signal, settings.keep_days),
            },
        )
        for signal in SIGNALS
    ]
    rows.append(
        Row(
            id="ledger",
            cells={
                "what": Cell(value="payloads as they arrived"),
                "age": Cell(value=settings.ledger_days * DAY_S),
                "size": Cell(value=settings.ledger_mb * 2**20),
            },
        )
    )
    return Table(
        id="retention",
        says="As read from retention.yaml and the options of opsweave up; the stricter wins.",
        columns=(
            Column(key="what", title="What"),
            Column(key="age", title="Kept for", shows="duration"),
            Column(key="size", title="At most", shows="bytes"),
        ),
        rows=tuple(rows),
        total=len(rows),
    )


def _limits(policy: RetentionPolicy, signal: str, keep_days: float) -> dict[str, Cell]:
    keep = policy.keep(signal, "default", keep_days=keep_days)
    return {
        "age": Cell(
            value=keep.age_ns / 1e9 if keep.age_ns else None, hint="" if keep.age_ns else "no limit"
        ),
        "size": Cell(value=keep.size, hint="" if keep.size else "no limit"),
    }


def _policy(sources: Sources) -> tuple[Note, ...]:
    configuration = sources.configuration
    folder = configuration.folder
    where = f"Read from policy.yaml in {folder}" if folder else "No --config was given"
    text = msgspec.json.format(msgspec.json.encode(configuration.policy), indent=2).decode()
    note = Note(
        id="policy",
        title="What may be done, and who must agree",
        paragraphs=(f"{where}; what a file does not say has its default. It is changed there.",),
        code=text,
    )
    counts = {
        "runbooks": configuration.runbooks,
        "objectives": configuration.slos,
        "entities of the catalog": configuration.entities,
        "integrations that can act": configuration.actuators,
    }
    loaded = Note(
        id="configuration",
        title="What was loaded",
        paragraphs=(", ".join(f"{len(held)} {what}" for what, held in counts.items()),),
    )
    return (note, loaded)


def _people() -> tuple[Note, ...]:
    users = Note(
        id="users",
        title="Users",
        state=State.EMPTY,
        missing="There are no user accounts yet: a person signs in with a token of their own.",
        remedy="Make a token for each person, named after them: verdicts and approvals carry it.",
    )
    channels = Note(
        id="channels",
        title="Notification channels",
        state=State.EMPTY,
        missing="Nobody is notified yet: on-call, escalation and channels are not there.",
        remedy="Until then let Alertmanager notify, or watch this console.",
    )
    return (users, channels)
