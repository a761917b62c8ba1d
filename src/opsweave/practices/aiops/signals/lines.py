"""Log records of one bucket -> rates of lines, of errors, of each grave template; surprises."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from opsweave.analysis.logs import LogNovelty, NovelTemplate, TemplateMiner
from opsweave.practices.aiops.signals.surprises import LineSurprises

MAX_TEMPLATES = 50
_WARN, _ERROR = 13, 17


class Line(NamedTuple):
    """One row of the logs table, as far as signals need it."""

    ts: int
    entity: str
    instance: str
    severity: int
    body: str


class LineSignals:
    """Mines templates; a template of WARN or above becomes a series of its own."""

    def __init__(self, width_s: float) -> None:
        self._miner = TemplateMiner()
        self._novelty = LogNovelty(width_s=width_s)
        self._surprises = LineSurprises()
        self._grave: dict[str, set[str]] = defaultdict(set)

    def bucket(
        self, lines: list[Line], width_s: float, at_ns: int
    ) -> dict[tuple[str, str], tuple[float, int]]:
        """Values by (entity, indicator), with the number of lines, of the bucket that ends at
        ``at_ns``: rates per second, surprises in nats."""
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for line in sorted(lines, key=lambda line: line.ts):
            template = self._miner.add(line.body)
            self._novelty.observe(
                line.entity, template.id, template.text, line.severity, line.ts, line.body
            )
            if self._novelty.knows(line.entity):
                grave = line.severity >= _WARN
                self._surprises.observe(line.entity, template.id, line.ts, grave=grave)
            counts[line.entity, "logs"] += 1
            counts[line.entity, "error_logs"] += line.severity >= _ERROR
            if line.severity >= _WARN:
                counts[line.entity, self._indicator(line.entity, template.id)] += 1
        rates = {key: (n / width_s, n) for key, n in counts.items()}
        return rates | self._surprises.close(at_ns)

    def _indicator(self, entity: str, template: str) -> str:
        if not self._novelty.knows(entity):
            return "log_template:other"
        grave = self._grave[entity]
        if template not in grave and len(grave) >= MAX_TEMPLATES:
            return "log_template:other"
        grave.add(template)
        return f"log_template:{template}"

    def watch(self, entity: str, ts: int) -> None:
        """``entity`` sends telemetry since ``ts``, log lines or not."""
        self._novelty.watch(entity, ts)

    def novel(self, since_ns: int, until_ns: int, entity: str | None) -> list[NovelTemplate]:
        return self._novelty.novel(since_ns, until_ns, entity=entity)

    def text_of(self, template: str) -> str:
        return self._miner.text_of(template)

    def forget(self, now_ns: int) -> None:
        self._novelty.forget(now_ns)
        for entity in [e for e in self._grave if not self._novelty.knows(e)]:
            del self._grave[entity]
        for entity in self._surprises.told():
            if not self._novelty.knows(entity):
                self._surprises.forget(entity)
