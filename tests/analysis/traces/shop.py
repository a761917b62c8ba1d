"""Traces of a small shop: web asks cart (which asks store) and pay; told request by request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from opsweave.analysis.traces.forest import Forest, forest

MS = 1_000_000
STEP_NS = 1_000 * MS
"""One request a second."""


class Shop:
    """Columns of spans and lines. ``call`` and ``log`` are told by plans of requests."""

    def __init__(self, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.spans: dict[str, list[Any]] = {
            name: []
            for name in (
                "times_ns",
                "duration_us",
                "trace_id",
                "span_id",
                "parent_id",
                "entity",
                "operation",
                "status",
            )
        }
        self.lines: dict[str, list[Any]] = {
            name: [] for name in ("times_ns", "entity", "severity", "body", "trace_id", "span_id")
        }

    def requests(self, many: int, plan: Callable[[Shop, Request], None], begin_s: int = 0) -> Shop:
        """``many`` requests one second apart, from ``begin_s`` on."""
        for i in range(many):
            at = (begin_s + i) * STEP_NS
            plan(self, Request(self, f"t{begin_s + i}", at))
        return self

    def forest(self) -> Forest:
        s = self.spans
        return forest(
            np.array(s["times_ns"], np.int64),
            np.array(s["duration_us"], np.int64),
            s["trace_id"],
            s["span_id"],
            s["parent_id"],
            s["entity"],
            s["operation"],
        )


class Request:
    """Writes spans of one trace; each takes its children's time, its own and a gap."""

    def __init__(self, shop: Shop, trace: str, at_ns: int) -> None:
        self.shop, self.trace, self.now, self.count = shop, trace, at_ns, 0

    def span(
        self,
        entity: str,
        operation: str,
        inside: Callable[[str], None] = lambda parent: None,
        *,
        parent: str = "",
        own_ms: float = 5.0,
        status: str = "",
    ) -> None:
        """A span around what ``inside`` (given this span's id) writes."""
        self.count += 1
        span, s = f"{self.count}", self.shop.spans
        row, begin = len(s["times_ns"]), self.now
        fresh = (begin, 0, self.trace, span, parent, entity, operation, status)
        for name, value in zip(s, fresh, strict=True):
            s[name].append(value)
        own = own_ms * self.shop.random.lognormal(0.0, 0.2)
        self.now += int(own * MS / 2)
        inside(span)
        self.now += int(own * MS / 2)
        s["duration_us"][row] = (self.now - begin) // 1000

    def line(self, entity: str, body: str, parent: str, severity: str = "INFO") -> None:
        """A log line within a span."""
        self.now += MS // 10
        fresh = (self.now, entity, severity, body, self.trace, parent)
        for name, value in zip(self.shop.lines, fresh, strict=True):
            self.shop.lines[name].append(value)


def sound(
    *,
    cart_ms: float = 5.0,
    gap_ms: float = 1.0,
    pay: bool = True,
    cart_stops: bool = False,
    cart_fails: bool = False,
) -> Callable[[Shop, Request], None]:
    """A plan: web -> cart -> store, then web -> pay.

    ``cart_stops``: cart returns before it asks the store, and web then never asks pay.
    """

    def plan(shop: Shop, request: Request) -> None:
        def in_cart(at: str) -> None:
            request.line("cart", "Cart.java:10 looking up", at)
            if cart_fails:
                request.line("cart", "Cart.java:66 cannot look up", at, "ERROR")
            if not cart_stops:
                request.span("cart", "GET", in_get, parent=at, own_ms=1.0)
                request.line("cart", "Cart.java:20 found", at)

        def in_get(at: str) -> None:
            request.span("store", "read", parent=at, own_ms=3.0)

        def in_web(at: str) -> None:
            request.line("web", "Web.java:1 hello", at)

            def ask_cart(call: str) -> None:
                request.span("cart", "items", in_cart, parent=call, own_ms=cart_ms)

            def ask_pay(call: str) -> None:
                request.span("pay", "charge", parent=call, own_ms=4.0)

            request.span("web", "ask cart", ask_cart, parent=at, own_ms=gap_ms)
            if pay and not cart_stops:
                request.span("web", "ask pay", ask_pay, parent=at, own_ms=1.0)
                request.line("web", "Web.java:9 paid", at)

        request.span("web", "shop", in_web)

    return plan
