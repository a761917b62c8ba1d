"""The parts of the live view, each a list of lines no wider than asked."""

from __future__ import annotations

from rich.text import Text

from opsweave.demo.feed import Line, feed_of
from opsweave.demo.incident_panel import incident_lines
from opsweave.demo.scene import Phase, Scene, Service
from opsweave.demo.words import bar, clock_of, left_of, name_of, percent, spark
from opsweave.kernel.clock import SECOND
from opsweave.practices.sre.service import SloState

STATE_STYLE = {"ok": "green", "unusual": "yellow", "suffers": "red", "cause": "bold red"}
STATE_MARK = {"ok": "●", "unusual": "◐", "suffers": "▲", "cause": "✗"}
KIND_STYLE = {
    "change": "cyan",
    "action": "magenta",
    "alert": "yellow",
    "resolved": "green",
    "cause": "red",
    "recovery": "yellow",
    "status:recovered": "bold green",
    "status:recovering": "magenta",
}
__all__ = ["feed_lines", "header_lines", "incident_lines", "service_lines", "slo_lines"]


def header_lines(scene: Scene, width: int) -> list[Text]:
    """Name of the company, time, the phases, and how far the run is."""
    since = (scene.now_ns - scene.run.started_ns) / SECOND
    left = Text.assemble(("Opsweave", "bold"), ("  watching ", "dim"), scene.company or "nobody")
    time = clock_of(since)
    title = Text.assemble(left, " " * max(1, width - left.cell_len - len(time)), (time, "bold"))
    full, empty = bar(scene.progress(), width)
    return [
        title,
        _phases(scene.phases, scene.phase),
        Text.assemble((full, "cyan"), (empty, "bright_black")),
        Text("stopping ..." if scene.stopping else scene.says, style="italic"),
    ]


def _phases(phases: tuple[Phase, ...], at: int) -> Text:
    out = Text()
    for number, phase in enumerate(phases):
        if number:
            out.append(" · ", "bright_black")
        style = "green" if number < at else "bold cyan" if number == at else "bright_black"
        out.append(("✓ " if number < at else "") + phase.word, style)
    return out


def service_lines(scene: Scene, width: int) -> list[Text]:
    """One line for each entity that answers requests."""
    longest = max((len(name_of(entity)) for entity in scene.services), default=8)
    chart = max(8, min(40, width - longest - 44))
    head = f"  {'':{longest}}  {'':8}{'req/s':>7} {'errors':>8} {'p95 ms':>8}   p95"
    return [
        Text(head, style="bright_black"),
        *(
            _service(service, scene.word_of(service.entity), longest, chart)
            for service in scene.services.values()
        ),
    ]


def _service(service: Service, word: str, longest: int, chart: int) -> Text:
    style = STATE_STYLE[word]
    calm = sorted(value for value in service.history if value is not None)
    top = max(3 * calm[len(calm) // 2], calm[-1]) if calm else None
    errors = "" if service.error_ratio is None else percent(service.error_ratio, 1)
    return Text.assemble(
        (STATE_MARK[word], style),
        f" {name_of(service.entity):{longest}}  ",
        (f"{word:8}", style),
        f"{_number(service.requests, 1):>7}",
        (f" {errors:>8}", "red" if (service.error_ratio or 0) > 0.02 else ""),
        f" {_number(service.p95_ms, 0):>8}   ",
        (spark(list(service.history), chart, top=top), style if word != "ok" else "cyan"),
    )


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def feed_lines(scene: Scene, width: int, height: int) -> list[Text]:
    """The last things that happened, newest below."""
    lines = feed_of(scene.run)[-height:] if height > 0 else []
    return [_feed(line, scene.run.started_ns, width) for line in lines]


def _feed(line: Line, began_ns: int, width: int) -> Text:
    style = KIND_STYLE.get(line.kind, "magenta" if line.kind.startswith("run:") else "")
    text = Text.assemble(
        (f"{clock_of((line.at_ns - began_ns) / SECOND):>6}  ", "bright_black"),
        (f"{line.who}  " if line.who else "", "bold"),
        (line.says, style),
    )
    text.truncate(width, overflow="ellipsis")
    return text


def slo_lines(states: list[SloState], width: int) -> list[Text]:
    """What is left of each objective's budget."""
    longest = max((len(state.slo.name) for state in states), default=0)
    return [_slo(state, longest, max(8, width - longest - 34)) for state in states]


def _slo(state: SloState, longest: int, width: int) -> Text:
    left = state.budget.remaining
    style = "bright_black" if left is None else "green" if left > 0.5 else "yellow"
    if left is not None and left <= 0:
        style = "red"
    full, empty = bar(left, width)
    burn = state.budget.burn_rate
    return Text.assemble(
        f"{state.slo.name:{longest}}  ",
        (full, style),
        (empty, "bright_black"),
        f"  {left_of(left):>11}",
        ("" if burn is None else f"  burns {burn:.1f}x", "bright_black"),
    )
