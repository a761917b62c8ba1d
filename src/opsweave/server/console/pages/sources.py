"""What the server's own pages read from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from opsweave.graph import Graph
from opsweave.kernel.clock import Clock
from opsweave.practices.sre.service import SloService
from opsweave.record.ledger import SegmentLedger
from opsweave.record.state import StateStore
from opsweave.server.auth import TokenStore
from opsweave.server.bounded import BoundedTelemetry
from opsweave.server.configuration import Configuration
from opsweave.server.console.meter import Meter
from opsweave.server.console.pages.trouble import Troubles
from opsweave.server.console.senders import Senders
from opsweave.server.settings import UpSettings


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """Joined once by the server; everything is asked anew for each page."""

    state: StateStore
    telemetry: BoundedTelemetry
    ledger: SegmentLedger
    graph: Graph
    slos: SloService
    troubles: Troubles
    meter: Meter
    senders: Senders
    tokens: TokenStore
    configuration: Configuration
    settings: UpSettings
    status: Callable[[], dict[str, Any]]
    """What ``GET status`` answers."""
    listeners: Callable[[], int]
    clock: Clock
