"""The customers: requests through the day, and what each of them experienced."""

from __future__ import annotations

import http.client
import math
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from opsweave.demo.company.runtime.client import Watched

DAY_S = 300.0
SWING = 0.2
MOST = 20.0
BASE = {"/browse": 4.5, "/cart": 2.0, "/checkout": 2.5}
TIMEOUT_S = 5.0
LABELS = {f"season{share}": share for share in (10, 25, 50, 75, 90)}


class Customers:
    """Sends requests as they come; never waits for one before sending the next."""

    def __init__(self, shared: Path, world: Path, seed: int) -> None:
        self._routes = Watched(shared / "routes.json", {})
        self._surge = Watched(world / "load.json", {})
        self._people: list[dict[str, Any]] = msgspec.json.decode(
            (shared / "customers.json").read_bytes()
        )
        truth: list[bool] = msgspec.json.decode((world / "good.json").read_bytes())
        self._good = dict(enumerate(truth))
        self._random = random.Random(seed)
        self._out = (world / "outcomes.jsonl").open("a", buffering=1)
        self._write = threading.Lock()
        self._pool = ThreadPoolExecutor(64)
        self._kept = threading.local()
        self.stop = threading.Event()

    def run(self) -> None:
        """Until stopped: exponential gaps at the rate of the moment."""
        began = time.time()
        while not self.stop.is_set():
            rates = self._rates(time.time() - began)
            total = sum(rates.values())
            if self.stop.wait(self._random.expovariate(total)):
                return
            path = self._random.choices(list(rates), list(rates.values()))[0]
            self._pool.submit(self._one, path, self._body(path))

    def _rates(self, elapsed: float) -> dict[str, float]:
        day = 1 + SWING * math.sin(2 * math.pi * elapsed / DAY_S)
        surge = self._surge.get()
        rates = {p: r * day * float(surge.get(p, 1.0)) for p, r in BASE.items()}
        scale = min(1.0, MOST / sum(rates.values()))
        return {p: r * scale for p, r in rates.items()}

    def _body(self, path: str) -> dict[str, Any]:
        person = self._random.choice(self._people)
        body: dict[str, Any] = {
            "customer": person["id"],
            "labels": {
                name: self._random.randint(1, 9)
                for name, share in LABELS.items()
                if self._random.random() * 100 < share
            },
            "items": [self._random.randint(0, 40) for _ in range(self._random.randint(8, 12))],
        }
        if path == "/checkout":
            body["amount"] = round(person["amount"] * self._random.uniform(0.7, 1.3), 2)
        return body

    def _one(self, path: str, body: dict[str, Any]) -> None:
        began = time.time()
        status, answer = self._send(path, body)
        wronged = bool(
            path == "/checkout"
            and isinstance(answer, dict)
            and answer.get("declined")
            and self._good[body["customer"]]
        )
        line = {
            "at": began,
            "path": path,
            "ms": (time.time() - began) * 1000,
            "ok": 200 <= status < 500,
            "wronged": wronged,
        }
        with self._write:
            self._out.write(msgspec.json.encode(line).decode() + "\n")

    def _send(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        ports = self._routes.get().get("edge") or []
        if not ports:
            return 0, None
        for attempt in range(2):
            port = ports[(body["customer"] + attempt) % len(ports)]
            kept = self._kept.__dict__.setdefault("ports", {})
            connection = kept.pop(port, None)
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
            try:
                connection.request("POST", path, body=msgspec.json.encode(body))
                response = connection.getresponse()
                raw = response.read()
            except (ConnectionRefusedError, ConnectionResetError, http.client.RemoteDisconnected):
                connection.close()
                ports = self._routes.get().get("edge") or ports
                continue
            except (OSError, http.client.HTTPException):
                connection.close()
                return 0, None
            kept[port] = connection
            return response.status, msgspec.json.decode(raw) if raw else None
        return 0, None


def main(shared: str, world: str, seed: str) -> None:
    """Run until SIGTERM."""
    crowd = Customers(Path(shared), Path(world), int(seed))
    signal.signal(signal.SIGTERM, lambda *_: crowd.stop.set())
    crowd.run()
