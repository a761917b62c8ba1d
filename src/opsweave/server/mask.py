"""Raw payloads are shown masked: what looks like a secret or a person's address is covered."""

from __future__ import annotations

import re

# Senders choose the text: every part begins at a word's start and never goes back.
_COVER = "***"
_NAMED = re.compile(
    r"(?i)(?<![\w.-])([\"']?"
    r"(?=[\w.-]*?(?:password|passwd|secret|token|authorization|api[_-]?key|credential|cookie))"
    r"[\w.-]++[\"']?\s*+[:=]\s*+)"
    r"(\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?"
    r"|[^\s,;&}\]]+(?:\s+[^\s,;&}\]\"]+)?)"
)
_SHAPED = re.compile(
    r"(?i)\b(?:bearer|basic)\s+\S+"
    r"|(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+"
    r"|\beyJ[\w-]+\.[\w-]+\.?[\w-]*"
    r"|\bow_[\w-]{16,}"
    r"|\bAKIA[0-9A-Z]{12,}"
    r"|\b\d(?:[ -]?\d){11,18}\b"
)


def masked(text: str) -> str:
    """The text with secrets, mail addresses and card-like numbers covered.

    >>> masked('{"password": "abc", "user": "a@example.org", "n": 3}')
    '{"password": ***, "user": "***", "n": 3}'
    """
    return _SHAPED.sub(_COVER, _NAMED.sub(lambda found: found.group(1) + _COVER, text))
