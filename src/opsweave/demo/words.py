"""How the demo spells things in a terminal: short names, durations, small charts."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

BLOCKS = "▁▂▃▄▅▆▇█"
FULL, EMPTY = "━", "─"


def name_of(entity: str) -> str:
    """The last part of a canonical spelling, whole.

    >>> name_of("service:demo/shop/cart")
    'cart'
    """
    return entity.rpartition("/")[2]


def clock_of(seconds: float) -> str:
    """Minutes and seconds.

    >>> clock_of(75.4)
    '1:15'
    """
    whole = int(max(0.0, seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def lasting(seconds: float | None) -> str:
    """A duration, or that there is none.

    >>> lasting(4.25), lasting(125.0), lasting(None)
    ('4.2 s', '2 min 5 s', 'not')
    """
    if seconds is None:
        return "not"
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


def spark(values: Sequence[float | None], width: int, *, top: float | None = None) -> str:
    """The last ``width`` values as blocks from 0 to ``top`` (default: the largest); None is a gap.

    >>> spark([0, 1, None, 4], 4)
    '▁▃ █'
    """
    shown = list(values)[-width:]
    most = top or max((v for v in shown if v is not None), default=0.0)
    if most <= 0:
        most = 1.0
    step = len(BLOCKS) - 1
    return "".join(
        " " if v is None else BLOCKS[min(step, max(0, int(v / most * step + 0.5)))] for v in shown
    ).rjust(width)


def bar(share: float | None, width: int) -> tuple[str, str]:
    """The full and the empty part of a bar.

    >>> bar(0.5, 4)
    ('━━', '──')
    """
    full = round(max(0.0, min(1.0, share or 0.0)) * width)
    return FULL * full, EMPTY * (width - full)


def percent(share: float | None, digits: int = 0) -> str:
    """A share in percent, or that there is no data.

    >>> percent(0.123, 1), percent(None)
    ('12.3 %', 'no data')
    """
    return "no data" if share is None else f"{share * 100:.{digits}f} %"


def left_of(remaining: float | None) -> str:
    """What is left of a budget, or by how much it is overspent.

    >>> left_of(0.62), left_of(-0.5), left_of(None)
    ('62 % left', '50 % over', 'no data')
    """
    if remaining is None:
        return "no data"
    return f"{percent(remaining)} left" if remaining >= 0 else f"{percent(-remaining)} over"


def state_of(text: str) -> str:
    """A target's state before or after an action: its JSON in words, other text as it is.

    >>> state_of('{"version":"a1","files":["x.py"]}'), state_of("3 replicas")
    ('version a1, files x.py', '3 replicas')
    """
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
    if not isinstance(found, dict):
        return text
    return ", ".join(f"{key} {_plain(value)}" for key, value in found.items())


def _plain(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value)) or "none"
    return str(value)


def settings_of(arguments: dict[str, object]) -> str:
    """Arguments of an action, in their order.

    >>> settings_of({"version": "a1", "on": True})
    'version=a1, on=true'
    """
    shown = {True: "true", False: "false", None: "none"}
    return ", ".join(
        f"{k}={shown[v] if isinstance(v, bool) or v is None else v}" for k, v in arguments.items()
    )
