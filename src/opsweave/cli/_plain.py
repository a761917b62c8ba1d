"""Text of senders, made harmless for terminals and for logs of one line a record."""

from __future__ import annotations

import re

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def plain(text: str) -> str:
    r"""Control and direction characters written out.

    >>> print(plain("cart\x1b[2J\nERROR forged"))
    cart\u001b[2J\u000aERROR forged
    """
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
