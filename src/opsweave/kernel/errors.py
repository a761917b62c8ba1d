"""One small tree of errors whose names say the next action.

Foreign code (integrations, user steps) is called inside :func:`opsweave.kernel.boundary.guarded`;
nowhere else may an ``except`` be broad.
"""

from __future__ import annotations


class OpsweaveError(Exception):
    """Base of every error Opsweave raises on purpose."""


class RejectInput(OpsweaveError):
    """The input is wrong and a retry of the same bytes cannot help.

    ``field`` names what is wrong, ``action`` says what to do next.
    """

    def __init__(self, says: str, *, field: str = "", action: str = "") -> None:
        self.says, self.field, self.action = says, field, action
        where = f"{field}: " if field else ""
        then = f" ({action})" if action else ""
        super().__init__(f"{where}{says}{then}")


class NotThere(RejectInput):
    """What was asked for by its id or path is not there, or not any more."""


class RetryLater(OpsweaveError):
    """Nothing is wrong with the input; the same call may succeed after ``after_s`` seconds."""

    def __init__(self, says: str, *, after_s: float = 5.0) -> None:
        self.after_s = after_s
        super().__init__(says)


class NeedCredentials(OpsweaveError):
    """No valid credential, or one without the scope that the call needs."""


class RefusedByPolicy(OpsweaveError):
    """A rule forbids it; ``reasons`` name the rules."""

    def __init__(self, says: str, *, reasons: tuple[str, ...] = ()) -> None:
        self.reasons = reasons
        super().__init__(says)


class OutcomeUnknown(OpsweaveError):
    """An effect may or may not have happened and cannot be probed: a person must look."""


class Bug(OpsweaveError):
    """An invariant of Opsweave itself does not hold: report it."""
