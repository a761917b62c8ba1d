"""The live view: one screen, drawn anew four times a second, left as it was found."""

from __future__ import annotations

from typing import Self

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.live import Live
from rich.text import Text

from opsweave.demo.panels import (
    feed_lines,
    header_lines,
    incident_lines,
    service_lines,
    slo_lines,
)
from opsweave.demo.scene import Scene

PER_SECOND = 4
MARGIN = 1
ROOM_FOR_BLANKS = 28
FEWEST_NEWS = 3


def frame(scene: Scene, width: int, height: int) -> list[Text]:
    """One screen: header, services, the incident, what happened, budgets; at most ``height``."""
    blank = [Text("")] if height >= ROOM_FOR_BLANKS else []
    top = header_lines(scene, width)
    services = service_lines(scene, width) if scene.services else []
    budgets = slo_lines(scene.run.slos, width)
    below = [Text(f"console: {scene.console}", style="cyan")] if scene.console else []
    below += [Text(scene.question, style="bold yellow")] if scene.question else []
    fixed = [*top, *blank, *services, *blank]
    room = height - len(fixed) - len(budgets) - len(blank) - len(below)
    incident = scene.incident()
    middle: list[Text] = []
    if incident is not None:
        news = 1 if scene.question else FEWEST_NEWS
        middle = incident_lines(incident, scene.recovery(), width, room - news)
        middle += blank
    happened = feed_lines(scene, width, room - len(middle))
    filler = [Text("")] * (room - len(middle) - len(happened))
    shown = [*fixed, *middle, *happened, *filler, *blank, *budgets, *below][:height]
    for line in shown:
        line.truncate(width, overflow="ellipsis")
        line.no_wrap = True
    return shown


class Screen:
    """What rich asks to be drawn: the scene as it is now, at the console's size."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width - 2 * MARGIN
        for line in frame(self.scene, width, console.height - 1):
            yield Text(" " * MARGIN) + line


class LiveView:
    """Shows a scene on a terminal's other screen, so that what was there comes back."""

    def __init__(self, console: Console, scene: Scene) -> None:
        self._live = Live(
            Group(Screen(scene)),
            console=console,
            screen=True,
            refresh_per_second=PER_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def changed(self) -> None:
        """The scene is read at the next refresh anyway."""
