"""Synthetic companies for tests of detection: fixed seeds, one frame per 5 s."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from opsweave.analysis.signal import Frame, SeriesKey
from opsweave.practices.aiops.signals.quantile import cautious, quantile

WIDTH_NS = 5_000_000_000
SERVICES = ("gateway", "catalog", "cart", "checkout", "payment", "mailer")
SHARES = (1.0, 0.6, 0.3, 0.15, 0.12, 0.08)


def key(service: str, indicator: str, peer: str = "") -> SeriesKey:
    return SeriesKey(f"service:demo/shop/{service}", indicator, peer)


class Scene:
    """What happens: each hook maps (service, seconds) to a factor or a probability."""

    def __init__(
        self,
        seed: int,
        *,
        slower: Callable[[str, float], float] = lambda _s, _t: 1.0,
        failing: Callable[[str, float], float] = lambda _s, _t: 0.002,
        silent: Callable[[str, float], bool] = lambda _s, _t: False,
        leak_mb_per_s: float = 0.0,
        load: float = 20.0,
        swing: float = 0.4,
        restarts: bool = True,
        down_s: tuple[float, float] = (1.0, 3.0),
    ) -> None:
        self.random = np.random.default_rng(seed)
        self.slower, self.failing, self.silent = slower, failing, silent
        self.leak, self.load, self.swing = leak_mb_per_s, load, swing
        self.period = self.random.uniform(120, 420)
        self.phase = self.random.uniform(0, 2 * math.pi)
        self.sigma = dict(zip(SERVICES, self.random.uniform(0.3, 0.7, 6), strict=True))
        self.restart_at = {
            s: self.random.uniform(60, 560) if restarts else -1e9 for s in SERVICES[1:]
        }
        self.down_s = {s: self.random.uniform(*down_s) for s in SERVICES}

    def _down(self, service: str, t: float) -> bool:
        start = self.restart_at.get(service, -1e9)
        return start <= t < start + self.down_s[service]

    def _cold(self, service: str, t: float) -> float:
        start = self.restart_at.get(service, -1e9) + self.down_s[service]
        return 4.0 if start <= t < start + 4.0 else 1.0

    def frame(self, number: int) -> Frame:
        values: dict[SeriesKey, float] = {}
        counts: dict[SeriesKey, int] = {}
        lows: dict[SeriesKey, float] = {}
        begin = number * 5.0
        day = 1 + self.swing * math.sin(2 * math.pi * begin / self.period + self.phase)
        for i, (service, share) in enumerate(zip(SERVICES, SHARES, strict=True)):
            rate = self.load * share * day
            n = int(self.random.poisson(rate * 5))
            self._spans(service, i, n, begin, values, counts, lows)
            self._gauges(service, i, begin, day, values, counts)
            back = self.restart_at.get(service, -1e9) + self.down_s[service]
            if begin <= back + 2.0 < begin + 5.0:
                values[key(service, "restarts")], counts[key(service, "restarts")] = 0.2, 1
        return Frame(
            at_ns=(number + 1) * WIDTH_NS,
            width_ns=WIDTH_NS,
            values=values,
            counts=counts,
            lows=lows,
        )

    def _spans(self, service, i, n, begin, values, counts, lows) -> None:
        times, errors = [], 0
        for t in begin + np.sort(self.random.uniform(0, 5, n)):
            callee = SERVICES[min(i + 1, 5)]
            if self.silent(service, t) or self._down(service, t):
                continue
            if (i < 5 and self._down(callee, t)) or self.random.random() < self.failing(service, t):
                errors += 1
            ms = (12 + 7 * (5 - i)) * math.exp(self.random.normal(0, self.sigma[service]))
            if self.random.random() < 0.01:
                ms += self.random.uniform(300, 1500)
            times.append(ms * self.slower(service, t) * self._cold(service, t))
        if not self.silent(service, begin):
            values[key(service, "heartbeat")] = counts[key(service, "heartbeat")] = 1
        else:
            values[key(service, "heartbeat")], counts[key(service, "heartbeat")] = 0, 1
        if not times:
            return
        times.sort()
        found = {"requests": (len(times) / 5, len(times) / 5)}
        found["error_ratio"] = (errors / len(times), errors / len(times))
        for name, q in (("latency_p50", 0.5), ("latency_p95", 0.95)):
            found[name] = (quantile(times, q), cautious(times, q))
        for name, (value, low) in found.items():
            values[key(service, name)], counts[key(service, name)] = value, len(times)
            lows[key(service, name)] = low

    def _gauges(self, service, i, begin, day, values, counts) -> None:
        noise = self.random.normal
        memory = 80e6 + i * 5e6 + 3e5 * noise() + self.leak * 1e6 * begin * (service == "cart")
        gauges = {
            "process.memory.usage": memory,
            "process.cpu.utilization": max(0.0, 0.06 * day + 0.01 * noise()),
            "pool.in_use": max(0.0, 4 * day + noise()),
            "queue.depth": float(self.random.poisson(0.5)),
        }
        for name, value in gauges.items():
            values[key(service, name)], counts[key(service, name)] = value, 2
