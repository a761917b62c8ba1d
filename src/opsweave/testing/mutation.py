"""Bodies gone wrong, for fuzzing: bytes damaged anywhere, JSON with values of other types."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1 << 63, 1 << 80, 1.5, 1e308, "", "x", "0", "-1", "NaN", "\u0000", "9" * 40,
    "2023-11-14T22:13:20Z", "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z", [], {}, [[]],
    [{}], {"": ""}, {"a": [None]}, "service:a/b/c", "\u2028",
)  # fmt: skip


def mutated(body: bytes, dice: random.Random) -> bytes:
    """A few flipped, replaced, dropped, repeated or truncated bytes."""
    data = bytearray(body)
    for _ in range(dice.randint(1, 4)):
        if not data:
            break
        at = dice.randrange(len(data))
        match dice.randrange(5):
            case 0:
                data[at] ^= 1 << dice.randrange(8)
            case 1:
                data[at] = dice.randrange(256)
            case 2:
                del data[at : at + dice.randint(1, 8)]
            case 3:
                data[at:at] = data[at : at + dice.randint(1, 16)]
            case _:
                del data[at:]
    return bytes(data)


def retyped(body: bytes, dice: random.Random) -> bytes:
    """A JSON body in which a few values became something else, or are missing."""
    document = json.loads(body)
    for _ in range(dice.randint(1, 3)):
        places = list(_places(document))
        if not places:
            break
        holder, key = dice.choice(places)
        if dice.random() < 0.2:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(dice.choice(_ODD))
    return json.dumps(document).encode()


def _places(node: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a document."""
    found: list[tuple[Any, Any]] = []
    keys = list(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        found.append((node, key))
        if isinstance(node[key], dict | list):
            found += _places(node[key])
    return found
