"""Labels of an alert: its fingerprint, entity and severity."""

from __future__ import annotations

from collections.abc import Mapping

from opsweave.facts.alert import Severity
from opsweave.kernel.errors import RejectInput
from opsweave.kernel.ids import EntityRef

UNATTRIBUTED = "opsweave.unattributed"
_FNV_OFFSET, _FNV_PRIME = 14695981039346656037, 1099511628211
_ENVIRONMENT = ("env", "environment", "deployment_environment")
_NAMESPACE = ("namespace", "exported_namespace", "service_namespace")
_SERVICE = ("service", "service_name", "job", "app", "deployment", "statefulset", "daemonset")
_HOST = ("host", "hostname", "node", "instance")
_SEVERITIES = {
    Severity.CRITICAL: (
        "critical", "page", "error", "fatal", "emergency", "disaster", "high", "p1", "sev1",
    ),
    Severity.INFO: ("info", "information", "informational", "none", "debug", "low", "notice"),
}  # fmt: skip


def label_fingerprint(labels: Mapping[str, str]) -> str:
    """Alertmanager's own fingerprint: FNV-1a over the sorted labels, 0xff after each part.

    So an alert is the same whether it comes from Prometheus or by way of Alertmanager.
    """
    total = _FNV_OFFSET
    for name in sorted(labels):
        for byte in (*name.encode(), 0xFF, *labels[name].encode(), 0xFF):
            total = ((total ^ byte) * _FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return f"{total:016x}"


def severity_of(labels: Mapping[str, str]) -> Severity:
    """An unknown or missing severity is a warning: neither lost nor exaggerated."""
    word = (labels.get("severity") or labels.get("priority") or "").strip().lower()
    for severity, words in _SEVERITIES.items():
        if word in words:
            return severity
    return Severity.WARNING


def entity_of(labels: Mapping[str, str]) -> str | None:
    """The entity that labels name; None when they name none."""
    given = labels.get("opsweave_entity", "")
    if given:
        try:
            return str(EntityRef.parse(given))
        except RejectInput:
            pass
    environment, namespace = _first(labels, _ENVIRONMENT), _first(labels, _NAMESPACE)
    service = _first(labels, _SERVICE)
    if service:
        first, slash, second = service.partition("/")
        if slash and first and second:
            namespace, service = namespace or first, second
        ref = EntityRef.of("service", service, environment=environment, namespace=namespace)
        return str(ref)
    host = _first(labels, _HOST)
    if host:
        name = host.rpartition(":")[0] if host.count(":") == 1 else host
        return str(EntityRef.of("host", name, environment=environment, namespace=namespace))
    return None


def _first(labels: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((labels[name] for name in names if labels.get(name, "").strip()), "")
