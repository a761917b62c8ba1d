"""Evidence: the records behind a derived number or claim."""

from __future__ import annotations

import msgspec


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A resolvable pointer to records, with what they say.

    ``id`` is ``kind:store:key@version`` (for example
    ``signal:telemetry:service:demo/shop/cart|latency_p95@1700000000``); ``n`` is how many
    records stand behind it; ``excluded`` counts what was left out, by reason.
    """

    id: str
    says: str
    n: int = 1
    excluded: dict[str, int] = {}
