"""What the company's own people do, always through the platform."""

from __future__ import annotations

import http.client
import itertools
import time
from typing import Any
from urllib.parse import quote

import msgspec

from opsweave.demo.company.layout import Layout, PlatformPlan
from opsweave.kernel.errors import RejectInput, RetryLater

CALL_S = 60.0


class Developer:
    """Commits, and effects with an author; each effect returns the id of its change."""

    def __init__(self, plan: PlatformPlan, paths: Layout) -> None:
        self.__plan, self.__paths = plan, paths
        self.__numbers = itertools.count(1)

    def source(self, name: str) -> str:
        """A file of the main branch."""
        return (self.__paths.repo / name).read_text()

    def develop(self, files: dict[str, str], message: str, author: str) -> str:
        """Commit files to the main branch; returns the full SHA."""
        work = {"files": files, "message": message, "author": author}
        return str(self.__ask("POST", "/v1/commits", work)["sha"])

    def deploy(self, role: str, sha: str, author: str) -> str:
        """Run the code of a commit."""
        return self.__effect("deploy", role, {"version": sha}, author)

    def configure(self, role: str, values: dict[str, Any], message: str, author: str) -> str:
        """Commit dotted keys of a role's configuration and roll them out."""
        return self.__effect("configure", role, {"values": values, "message": message}, author)

    def flag(self, name: str, on: bool, author: str, *, role: str = "", message: str = "") -> str:
        """Switch a flag; ``role`` is needed for one that does not exist yet."""
        owner = role or self.flag_owner(name)
        arguments: dict[str, Any] = {"flag": name, "on": on, "create": bool(role)}
        if message:
            arguments["message"] = message
        return self.__effect("switch_flag", owner, arguments, author)

    def flag_owner(self, name: str) -> str:
        """The role that a flag belongs to."""
        import yaml

        flags = yaml.safe_load(self.source("flags.yaml")) or {}
        if name not in flags:
            raise RejectInput(f"there is no flag {name!r}", field="flag")
        return str(flags[name]["service"])

    def scale(self, role: str, n: int, author: str = "") -> str:
        """Run n instances."""
        return self.__effect("scale", role, {"replicas": n}, author or "capacity")

    def restart(self, role: str, author: str) -> str:
        """New processes for the old ones."""
        return self.__effect("restart", role, {}, author)

    def promote_model(self, version: str, author: str, summary: str) -> str:
        """Have the production alias name a version of the registry."""
        arguments = {"alias": "production", "version": version, "summary": summary}
        return self.__effect("switch_model_alias", "model", arguments, author)

    def targets(self) -> list[dict[str, Any]]:
        """What the platform offers. Raises RetryLater while it starts."""
        found: list[dict[str, Any]] = self.__ask("GET", "/v1/targets", None)["targets"]
        return found

    def __effect(self, action: str, role: str, arguments: dict[str, Any], author: str) -> str:
        key = f"dev-{time.time_ns():x}-{next(self.__numbers)}"
        body = {
            "action": action,
            "target": self.__plan.names.entity(role),
            "arguments": arguments,
            "author": author,
        }
        answer = self.__ask("PUT", f"/v1/effects/{quote(key)}", body)
        if answer["state"] != "done":
            raise RetryLater(f"{action} of {role} {answer['state']}: {answer['says']}")
        return str(answer["change"])

    def __ask(self, method: str, path: str, body: Any) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.__plan.port, timeout=CALL_S)
        headers = {"authorization": f"Bearer {self.__plan.developer_token}"}
        try:
            connection.request(method, path, body=msgspec.json.encode(body), headers=headers)
            response = connection.getresponse()
            status, answer = response.status, msgspec.json.decode(response.read())
        except (OSError, http.client.HTTPException) as error:
            raise RetryLater(f"the platform does not answer: {type(error).__name__}") from error
        finally:
            connection.close()
        if status >= 500:
            raise RetryLater(str(answer.get("error")))
        if status >= 400:
            raise RejectInput(str(answer.get("error")), field=str(answer.get("field", "")))
        found: dict[str, Any] = answer
        return found
