"""Where one can go in a console: the pages of the navigation, and one page of each object."""

from __future__ import annotations

from typing import Any

import httpx

from opsweave.bench.console.browser.seat import cookie_of

TABLES = (
    ("incidents", "incidents", "?view=all"),
    ("recovery", "runs", "?since=-30d"),
    ("recovery", "runbooks", ""),
    ("reliability", "slos", ""),
    ("delivery", "deployments", "?since=-30d"),
    ("explore/traces", "traces", ""),
    ("map", "entities", ""),
)
"""(page, its table, query): the first row leads to an object's page."""


class Places:
    """The console's own API, asked with a session."""

    def __init__(self, url: str, session: str) -> None:
        self._http = httpx.Client(
            base_url=f"{url}/api/v1/",
            cookies={cookie_of(url): session},
            headers={"origin": url, "x-opsweave": "1"},
            timeout=60,
            trust_env=False,
        )

    def listed(self) -> list[str]:
        """Paths of the navigation."""
        return [item["path"] for item in self.get("pages")["items"]]

    def every(self) -> list[str]:
        """Those, and the first object of every table that leads to one."""
        listed = self.listed()
        found = [*listed]
        for path, table, query in TABLES:
            if path in listed:
                found += [row["to"] for row in self.rows(f"{path}{query}", table)[:1] if row["to"]]
        return list(dict.fromkeys(found))

    def rows(self, path: str, table: str) -> list[dict[str, Any]]:
        """Rows of a table; none where the page has no such table."""
        joined = f"pages/{path}{'&' if '?' in path else '?'}widget={table}"
        answer = self._http.get(joined)
        if answer.status_code != 200:
            return []
        rows: list[dict[str, Any]] = answer.json()["widget"].get("rows", [])
        return rows

    def largest(self) -> str:
        """Path of the live incident with the most alerts; of those that are over, where none is."""
        rows = self.rows("incidents", "incidents") or self.rows("incidents?view=all", "incidents")
        most = max(rows, key=lambda row: row["cells"]["alerts"]["value"])
        return f"incidents/{most['id']}"

    def get(self, path: str) -> Any:
        """Below ``/api/v1/``."""
        return self._http.get(path).raise_for_status().json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Likewise."""
        return self._http.post(path, json=body).raise_for_status().json()
