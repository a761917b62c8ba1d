"""Which page answers to which path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from opsweave.kernel.errors import Bug, NotThere
from opsweave.pages import PageSpec
from opsweave.pages.links import name_in

GROUPS = ("", "Explore", "Practices", "System")
_NAME = re.compile(r"\{(\w+)(\.\.\.)?\}")


class Registry:
    """All pages, those with the fewest names first, so that ``a/b`` wins over ``a/{id}``."""

    def __init__(self, specs: Iterable[PageSpec]) -> None:
        self.specs = tuple(specs)
        patterns = [spec.pattern for spec in self.specs]
        twice = sorted({one for one in patterns if patterns.count(one) > 1})
        if twice:
            raise Bug(f"two pages have the path {twice[0]}")
        self._matchers = sorted(
            ((_matcher(spec.pattern), spec) for spec in self.specs),
            key=lambda pair: (pair[1].pattern.count("{"), pair[1].pattern),
        )

    def match(self, path: str) -> tuple[PageSpec, dict[str, str]]:
        """The page of a path and what stands for its names. Raises NotThere."""
        for matcher, spec in self._matchers:
            found = matcher.fullmatch(path)
            if found is not None:
                return spec, {name: name_in(text) for name, text in found.groupdict().items()}
        raise NotThere(f"no page {path[:200]}", field="path", action="see the list of pages")

    def listed(self) -> Sequence[PageSpec]:
        """The navigation, in its order."""
        rank = {group: number for number, group in enumerate(GROUPS)}
        return sorted(
            (spec for spec in self.specs if spec.listed),
            key=lambda spec: (rank.get(spec.group, len(GROUPS)), spec.order, spec.title),
        )


def _matcher(pattern: str) -> re.Pattern[str]:
    """``{name}`` is one part of the path, ``{name...}`` all that is left of it."""
    out, at = [], 0
    for found in _NAME.finditer(pattern):
        out += [re.escape(pattern[at : found.start()])]
        out += [f"(?P<{found[1]}>{'.+' if found[2] else '[^/]+'})"]
        at = found.end()
    return re.compile("".join([*out, re.escape(pattern[at:])]))
