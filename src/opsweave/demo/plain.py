"""Progress without a terminal: a line for each thing that happened, nothing twice."""

from __future__ import annotations

from typing import IO, Protocol, Self

from opsweave.demo.feed import Line, feed_of
from opsweave.demo.incident_panel import incident_lines
from opsweave.demo.scene import Scene
from opsweave.demo.words import clock_of
from opsweave.kernel.clock import SECOND

WIDTH = 160


class View(Protocol):
    """Shows a scene while it changes."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def changed(self) -> None:
        """The scene has changed."""
        ...


class PlainView:
    """Lines on a stream, each with the time since the start."""

    def __init__(self, out: IO[str], scene: Scene) -> None:
        self._out, self._scene = out, scene
        self._told: set[str] = set()
        self._said = ""
        self._explained = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.changed()

    def changed(self) -> None:
        """Print what has not been printed."""
        scene = self._scene
        for line in feed_of(scene.run):
            if line.key not in self._told:
                self._told.add(line.key)
                self._print(line.at_ns, f"{line.who}  {line.says}" if line.who else line.says)
        console = f"watch it in the console: {scene.console}" if scene.console else ""
        for says in (console, scene.says, scene.question):
            if says and says not in self._told:
                self._told.add(says)
                self._print(scene.now_ns, f"-- {says}")
        self._tell_cause()

    def forget(self, lines: list[Line]) -> None:
        """Count these as told."""
        self._told |= {line.key for line in lines}
        self._told |= {self._scene.says, self._scene.question}
        self._told.add(f"watch it in the console: {self._scene.console}")
        self._explained = self._cause()

    def _cause(self) -> str:
        incident = self._scene.incident()
        if incident is None or not incident.causes:
            return ""
        first = incident.causes[0]
        return f"{incident.id} {first.entity} {first.change}"

    def _tell_cause(self) -> None:
        incident, key = self._scene.incident(), self._cause()
        if incident is not None and key and key != self._explained:
            self._explained = key
            for line in incident_lines(incident, None, WIDTH):
                self._print(self._scene.now_ns, line.plain)

    def _print(self, at_ns: int, says: str) -> None:
        since = (at_ns - self._scene.run.started_ns) / SECOND
        self._out.write(f"{clock_of(since):>6}  {says}\n")
        self._out.flush()
