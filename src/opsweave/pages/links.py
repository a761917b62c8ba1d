"""Where the pages of the console lie, whatever the names hold.

A link is decoded once by who takes it, and the names of a path once more by :func:`name_in`: so a
name may hold slashes at its ends or side by side, and parts of dots, which browsers would eat.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlencode

_EATEN = re.compile(r"^/+|/{2,}|/+$")


def entity_to(ref: str | None) -> str:
    """The entity's page; empty of none.

    >>> entity_to("service:prod/shop/a?b#c")
    'entities/service:prod/shop/a%3Fb%23c'
    """
    return f"entities/{_path(ref)}" if ref else ""


def change_to(id_: str | None) -> str:
    """The change's page; empty of none.

    >>> change_to("https://host/../x")
    'changes/https:%252F%252Fhost/%252E%252E/x'
    """
    return f"changes/{_path(id_)}" if id_ else ""


def incident_to(id_: str | None) -> str:
    """The incident's page; empty of none."""
    return f"incidents/{_part(id_)}" if id_ else ""


def run_to(id_: str | None) -> str:
    """The run's page; empty of none."""
    return f"recovery/runs/{_part(id_)}" if id_ else ""


def runbook_to(name: str | None) -> str:
    """The runbook's page; empty of none."""
    return f"recovery/runbooks/{_part(name)}" if name else ""


def slo_to(id_: str | None) -> str:
    """The objective's page; empty of none."""
    return f"reliability/{_part(id_)}" if id_ else ""


def trace_to(id_: str | None) -> str:
    """The trace's page; empty of none."""
    return f"explore/traces/{_part(id_)}" if id_ else ""


def with_query(path: str, **query: str) -> str:
    """A path with a query.

    >>> with_query("record/unparsed", door="a&b")
    'record/unparsed?door=a%26b'
    """
    return f"{path}?{urlencode(query)}"


def name_in(path: str) -> str:
    """A name as it was before it became a part of a path, which was decoded once.

    >>> name_in("https:%2F%2Fhost/%2E%2E/100%25")
    'https://host/../100%'
    """
    return unquote(path)


def _path(name: str) -> str:
    """A name of several parts."""
    text = name.replace("%", "%25")
    text = _EATEN.sub(lambda found: "%2F" * len(found[0]), text)
    return "/".join(quote(_seen(part), safe=":@") for part in text.split("/"))


def _part(name: str) -> str:
    """A name of one part."""
    return quote(_seen(name.replace("%", "%25").replace("/", "%2F")), safe=":@")


def _seen(part: str) -> str:
    return part.replace(".", "%2E") if part in (".", "..") else part
