"""The key for the outside provider expires."""

from __future__ import annotations

from opsweave.demo.faults.fault import Action, Fault, Stage


class CredentialExpired(Fault):
    """The provider refuses every call of the one who still uses the old key."""

    name = "credential-expired"
    says = "the credential for the payment provider expires"
    targets = ("payment",)
    ramps = False
    indicator = "client_error_ratio"

    def begin(self, stage: Stage) -> str | None:
        stage.company.provider(expire=True)
        return None

    def recovery(self, stage: Stage, change: str | None) -> tuple[Action, ...]:
        return (Action("rotate_credential", self.entity(stage.company.names, stage.spec), {}),)


FAULT = CredentialExpired()
