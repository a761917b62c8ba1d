"""CDEvents, as the company's deployer and jobs send them to whoever watches."""

from __future__ import annotations

import http.client
import time
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from opsweave.demo.company.spec import ENVIRONMENT

SERVICE_EVENTS = {"deployment": "service.upgraded", "rollback": "service.rolledback"}


class Events:
    """Sends one event at a time, with a few attempts; what cannot be sent is counted."""

    def __init__(self, url: str, token: str) -> None:
        self._address, self._token = urlsplit(url), token
        self.lost = 0

    def changed(self, *, id: str, kind: str, entity: str, **custom: Any) -> bool:
        """Tell of a change; ``custom`` are fields of ``customData.opsweave``."""
        rollback = kind == "deployment" and custom.get("outcome") == "rolledback"
        predicate = SERVICE_EVENTS.get("rollback" if rollback else kind, "environment.modified")
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        type_ = f"dev.cdevents.{predicate}.0.2.0"
        source = "/company/deployer"
        content: dict[str, Any] = {"environment": {"id": ENVIRONMENT}}
        if kind == "deployment":
            name = entity.rpartition("/")[2]
            content["artifactId"] = f"pkg:generic/{name}@{custom.get('version_to', '')}"
        event = {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": source,
            "type": type_,
            "time": now,
            "datacontenttype": "application/json",
            "data": {
                "context": {
                    "version": "0.4.1",
                    "id": str(uuid.uuid4()),
                    "source": source,
                    "type": type_,
                    "timestamp": now,
                },
                "subject": {"id": entity, "source": source, "content": content},
                "customData": {"opsweave": {"id": id, "kind": kind, "entity": entity, **custom}},
                "customDataContentType": "application/json",
            },
        }
        return self._send(msgspec.json.encode(event))

    def _send(self, body: bytes) -> bool:
        headers = {
            "content-type": "application/cloudevents+json",
            "authorization": f"Bearer {self._token}",
        }
        for attempt in range(4):
            connection = http.client.HTTPConnection(
                self._address.hostname or "", self._address.port, timeout=3
            )
            try:
                connection.request("POST", "/events", body=body, headers=headers)
                if connection.getresponse().status < 300:
                    return True
            except OSError:
                pass
            finally:
                connection.close()
            time.sleep(0.3 * (attempt + 1))
        self.lost += 1
        return False
