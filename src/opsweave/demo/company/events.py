"""CDEvents, as the company's deployer and jobs send them to whoever watches.

An event is first put into a spool on disk, and leaves it when the watcher has accepted it.
"""

from __future__ import annotations

import http.client
import threading
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from opsweave.demo.company.spec import ENVIRONMENT
from opsweave.kernel.ids import content_hash

SERVICE_EVENTS = {"deployment": "service.upgraded", "rollback": "service.rolledback"}
LOOK_EVERY_S = 0.2
RETRY_S = 1.0


def cdevent(*, id: str, kind: str, entity: str, at: float, **custom: Any) -> dict[str, Any]:
    """A CDEvent of a change; ``custom`` are more fields of ``customData.opsweave``."""
    rollback = kind == "deployment" and custom.get("outcome") == "rolledback"
    predicate = SERVICE_EVENTS.get("rollback" if rollback else kind, "environment.modified")
    when = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    when = when.replace("+00:00", "Z")
    type_, source = f"dev.cdevents.{predicate}.0.2.0", "/company/deployer"
    content: dict[str, Any] = {"environment": {"id": ENVIRONMENT}}
    if kind == "deployment":
        name = entity.rpartition("/")[2]
        content["artifactId"] = f"pkg:generic/{name}@{custom.get('version_to', '')}"
    identity = str(uuid.uuid5(uuid.NAMESPACE_OID, id))
    return {
        "specversion": "1.0",
        "id": identity,
        "source": source,
        "type": type_,
        "time": when,
        "datacontenttype": "application/json",
        "data": {
            "context": {
                "version": "0.4.1",
                "id": identity,
                "source": source,
                "type": type_,
                "timestamp": when,
            },
            "subject": {"id": entity, "source": source, "content": content},
            "customData": {"opsweave": {"id": id, "kind": kind, "entity": entity, **custom}},
            "customDataContentType": "application/json",
        },
    }


class Spool:
    """Events that wait to be sent, one file each; the same change is put once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, event: dict[str, Any]) -> None:
        """Keep an event until it is sent."""
        name = f"{time.time_ns():020d}-{content_hash(event['id'], length=12)}"
        fresh = self._folder / f".{name}"
        fresh.write_bytes(msgspec.json.encode(event))
        fresh.replace(self._folder / f"{name}.json")

    def waiting(self) -> list[Path]:
        """Files, oldest first."""
        return sorted(self._folder.glob("[0-9]*.json"))


class Sender(threading.Thread):
    """Sends what is in the spool, in order, until it is accepted or refused for good."""

    def __init__(self, spool: Spool, url: str, token: str) -> None:
        super().__init__(daemon=True)
        self._spool, self._address, self._token = spool, urlsplit(url), token
        self.refused = 0

    def run(self) -> None:
        while True:
            for path in self._spool.waiting():
                while not self._send(path.read_bytes()):
                    time.sleep(RETRY_S)
                path.unlink(missing_ok=True)
            time.sleep(LOOK_EVERY_S)

    def _send(self, body: bytes) -> bool:
        headers = {
            "content-type": "application/cloudevents+json",
            "authorization": f"Bearer {self._token}",
        }
        connection = http.client.HTTPConnection(
            self._address.hostname or "", self._address.port, timeout=5
        )
        try:
            connection.request("POST", "/events", body=body, headers=headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if 400 <= status < 500 and status != 429:
            self.refused += 1
            return True
        return status < 300
