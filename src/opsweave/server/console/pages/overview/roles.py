"""Whose eyes look: which practices a role sees first, and lit."""

from __future__ import annotations

from opsweave.pages import Control, Option

PRACTICES = ("devops", "sre", "devsecops", "dataops", "mlops", "modelops", "aiops")
TITLES = {
    "devops": "Delivery",
    "sre": "Reliability",
    "devsecops": "Security",
    "dataops": "Data",
    "mlops": "Models",
    "modelops": "Model risk",
    "aiops": "Incidents",
}
ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "developer": ("Developer", ("devops", "aiops", "devsecops")),
    "sre": ("Site reliability engineer", ("aiops", "sre", "devops")),
    "security": ("Security engineer", ("devsecops", "devops", "aiops")),
    "data-engineer": ("Data engineer", ("dataops", "devops", "aiops")),
    "steward": ("Data steward", ("dataops", "modelops")),
    "analyst": ("Analyst", ("dataops", "sre")),
    "data-scientist": ("Data scientist", ("mlops", "modelops", "dataops")),
    "validator": ("Model validator", ("modelops", "mlops")),
    "manager": ("Manager", ("devops", "sre", "devsecops")),
}


def role_control(chosen: str) -> Control:
    """The choice in the head of the page."""
    options = [Option(value="", title="Everybody")]
    options += [Option(value=role, title=title) for role, (title, _) in ROLES.items()]
    return Control(param="role", title="Role", value=chosen, options=tuple(options))


def in_order(chosen: str) -> tuple[tuple[str, bool], ...]:
    """Practices with whether they are the role's own, those first."""
    own = ROLES.get(chosen, ("", ()))[1]
    return tuple((one, True) for one in own) + tuple(
        (one, False) for one in PRACTICES if one not in own
    )
