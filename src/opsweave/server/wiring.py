"""The one place where rooms are joined: stores, graph, pump, loop, runs and the application."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from litestar import Litestar

from opsweave.facts import Entity, RelationPeriod
from opsweave.graph import Graph
from opsweave.integrations.discover import parsers
from opsweave.kernel.boundary import guarded
from opsweave.kernel.clock import Clock
from opsweave.kernel.errors import OpsweaveError
from opsweave.pages import PageSpec
from opsweave.pages.gallery import page as gallery
from opsweave.practices.aiops import api as aiops_api
from opsweave.practices.aiops import api_runs
from opsweave.practices.aiops import pages as aiops_pages
from opsweave.practices.aiops.room import make_room
from opsweave.practices.devops import api as devops_api
from opsweave.practices.devops import pages as devops_pages
from opsweave.practices.sre import api as sre_api
from opsweave.practices.sre import pages as sre_pages
from opsweave.practices.sre.past import budget_at
from opsweave.practices.sre.service import SloService
from opsweave.record.telemetry import Batch
from opsweave.server import api_audit, api_evidence, api_graph, api_record, api_status
from opsweave.server.api import api
from opsweave.server.app import AppSettings, make_app
from opsweave.server.auth import Auth, TokenStore
from opsweave.server.bounded import BoundedTelemetry
from opsweave.server.configuration import Configuration
from opsweave.server.console import api_tokens
from opsweave.server.console import pages as console_pages
from opsweave.server.console.console import Console
from opsweave.server.console.find import Finder
from opsweave.server.console.hub import Hub
from opsweave.server.console.meter import Meter
from opsweave.server.console.pages.sources import Sources
from opsweave.server.console.pages.trouble import Troubles
from opsweave.server.console.registry import Registry
from opsweave.server.console.senders import Senders
from opsweave.server.console.told import ToldState, told_sink, told_slos
from opsweave.server.doors.desk import Desk
from opsweave.server.doors.handoff import Handoff
from opsweave.server.doors.settings import DoorSettings
from opsweave.server.evidence import EvidenceResolver
from opsweave.server.explore import pages as explore_pages
from opsweave.server.mask import covered
from opsweave.server.pump import Pump
from opsweave.server.recovery import make_engine, make_recover_stage
from opsweave.server.retention import Retention
from opsweave.server.settings import MIB, UpSettings
from opsweave.server.sink import sink
from opsweave.server.stores import Stores
from opsweave.server.upkeep import Upkeep
from opsweave.server.vitals import Vitals
from opsweave.server.watch import Watch

log = logging.getLogger("opsweave.wiring")

MAX_ENTITIES = 100_000
CATALOG_ORIGIN = "catalog"


class Assembly:
    """Everything but the stores and the web server. ``start`` and ``stop`` are called once each."""

    def __init__(
        self, stores: Stores, configuration: Configuration, settings: UpSettings, clock: Clock
    ) -> None:
        self.hub = Hub()
        stores = msgspec.structs.replace(stores, state=ToldState(stores.state, self.hub))
        self.stores, self.clock = stores, clock
        self._configuration = configuration
        self.meter, self.senders = Meter(clock), Senders()
        self.graph = _graph(stores, configuration, clock)
        self.asked = BoundedTelemetry(stores.telemetry)
        self.slos = SloService(stores.telemetry, configuration.slos)
        self.room = make_room(
            state=stores.state,
            graph=self.graph,
            clock=clock,
            alert_sources=(told_slos(self.slos.tick, self.hub),),
        )
        self.engine = make_engine(
            stores=stores,
            room=self.room,
            slos=self.slos,
            policy=configuration.policy,
            actuators=configuration.actuators,
            clock=clock,
        )
        self.recover = make_recover_stage(
            engine=self.engine,
            room=self.room,
            graph=self.graph,
            runbooks=configuration.runbooks,
            policy=configuration.policy,
            clock=clock,
        )
        self.tokens = TokenStore(stores.folder.tokens, clock=clock)
        self.console = Console(stores.folder, self.tokens, clock, self.hub)
        doors = DoorSettings()
        handoff = Handoff(doors.handoff_bytes)
        self.desk = Desk(
            auth=Auth(self.tokens),
            ledger=stores.ledger,
            parsers=parsers(),
            clock=clock,
            handoff=handoff,
            settings=doors,
        )
        self.pump = Pump(
            ledger=stores.ledger,
            telemetry=stores.telemetry,
            parsers=parsers(),
            sink=told_sink(
                sink(self.room.inbox, self.graph, clock), self.hub, self.meter, self.senders
            ),
            clock=clock,
            handoff=handoff,
        )
        self.watch = Watch(
            folder=stores.folder,
            ledger=stores.ledger,
            pump=self.pump,
            loop=lambda: self.room.health,
            clock=clock,
            disk_low=settings.disk_low_mb * MIB,
            rebuild_until=stores.ledger.next_seq() if stores.quarantined else 0,
        )
        self.vitals = Vitals()
        self.upkeep = Upkeep(
            graph=self.graph,
            state=stores.state,
            retention=Retention(
                stores.folder,
                stores.ledger,
                stores.telemetry,
                settings,
                clock,
                policy=configuration.retention,
                refill=self.pump.refill,
            ),
            vitals=self.vitals,
            clock=clock,
            check_s=configuration.retention.check_s,
        )
        self.watch.also(lambda: _made_again(stores))
        self.watch.also(lambda: f"upkeep: {self.upkeep.last_error}" * bool(self.upkeep.last_error))
        self.app = self._app(settings)

    def start(self) -> None:
        """Begin to work; the web server starts after this."""
        try:
            with guarded("learning baselines again from the record"):
                self.room.warm(self.stores.telemetry)
        except OpsweaveError:
            log.exception("baselines start afresh")
        self.pump.start()
        self.engine.start()
        self.room.start([self.recover])
        self.upkeep.start()

    def stop(self) -> None:
        """The web server has stopped: finish what is at hand, in the direction of the data."""
        self.pump.stop()
        self.room.stop()
        self.engine.stop()
        self.upkeep.stop()

    def _app(self, settings: UpSettings) -> Litestar:
        stores = self.stores
        page = api_status.StatusPage(
            stores=stores,
            pump=self.pump,
            loop=lambda: self.room.health,
            watch=self.watch,
            vitals=self.vitals,
            clock=self.clock,
        )
        self.pages = self._pages(settings, page.body)
        handlers: list[Any] = [
            *api_status.handlers(page),
            *api_audit.handlers(stores.state),
            *api_graph.handlers(self.graph, stores.state, self.clock),
            *api_evidence.handlers(EvidenceResolver(stores.state, self.asked)),
            *api_record.handlers(stores, self.pump),
            *aiops_api.handlers(
                self.room.store,
                self.room.service,
                self.room.priors,
                lambda alerts: self.room.inbox.accept(Batch(), alerts=alerts),
                covered,
            ),
            *api_runs.handlers(
                stores.state,
                self.engine.decide,
                runbooks=self._configuration.runbooks,
                scores=self.room.shadow.scores,
                priors=self.room.priors,
            ),
            *sre_api.handlers(self.slos),
            *devops_api.handlers(stores.state, self.clock),
            *api_tokens.handlers(self.tokens, stores.state, self.clock),
            *self.console.api(self.pages, self._finder),
        ]
        return make_app(
            desk=self.desk,
            auth=self.console.auth,
            api_handlers=[api(handlers), *self.console.files()],
            settings=AppSettings(allow_hosts=settings.allow_hosts),
            health=self.watch.health,
        )

    def _pages(self, settings: UpSettings, status: Callable[[], dict[str, Any]]) -> list[PageSpec]:
        stores = self.stores
        self.console_sources = self._sources(settings, status)
        sources = aiops_pages.Sources(
            store=self.room.store,
            graph=self.graph,
            telemetry=self.asked,
            runbooks=self._configuration.runbooks,
            scores=self.room.shadow.scores,
            priors=self.room.priors,
            slos=self.slos.slos,
            budget_at=partial(budget_at, self.asked),
        )
        return [
            *console_pages.pages(self.console_sources),
            *aiops_pages.pages(sources),
            *devops_pages.pages(stores.state),
            *sre_pages.pages(self.slos, self.asked, stores.state),
            *explore_pages.pages(stores.telemetry, stores.state),
            *gallery.pages(),
        ]

    def _finder(self, registry: Registry) -> Finder:
        runbooks = self._configuration.runbooks
        return Finder(registry, self.graph, self.stores.state, runbooks)

    def _sources(self, settings: UpSettings, status: Callable[[], dict[str, Any]]) -> Sources:
        stores = self.stores
        return Sources(
            state=stores.state,
            telemetry=self.asked,
            ledger=stores.ledger,
            graph=self.graph,
            slos=self.slos,
            troubles=Troubles(stores.state, self.graph, self.hub),
            meter=self.meter,
            senders=self.senders,
            tokens=self.tokens,
            configuration=self._configuration,
            settings=settings,
            status=status,
            listeners=self.hub.listeners,
            clock=self.clock,
        )


def _made_again(stores: Stores) -> str:
    left = sum(until - first for first, until in stores.telemetry.scrub.missing)
    return f"telemetry: {left} records of damaged sealed files are applied again" * bool(left)


def _graph(stores: Stores, configuration: Configuration, clock: Clock) -> Graph:
    """What was known when the process ended, completed by the catalog."""
    graph, now = Graph(), clock.now_ns()
    for entity in stores.state.find(Entity, limit=MAX_ENTITIES):
        graph.declare(entity)
    graph.take_unsaved()
    for entity in configuration.entities:
        graph.declare(entity)
    graph.restore(stores.state.find(RelationPeriod, limit=MAX_ENTITIES), now)
    graph.relate(configuration.relations, now)
    if configuration.folder is not None:
        graph.end_others(CATALOG_ORIGIN, configuration.relations, now)
    return graph
