"""From metrics, logs, spans, alerts, graph and changes to ranked causes with evidence.

Whatever subset is there is used. *No change is guilty* and *outside our control* are answers.

>>> from opsweave.analysis.causality import Case, Reading, Symptom, explain
>>> from opsweave.analysis.signal import SeriesKey
>>> from opsweave.facts import Relation, RelationKind
>>> gate, cart = "service:a/b/gate", "service:a/b/cart"
>>> answer = explain(
...     Case(
...         now_ns=60 * 10**9,
...         symptoms=[Symptom(entity=gate, indicator="latency_p95", since_ns=30 * 10**9)],
...         readings={
...             SeriesKey(cart, "process.cpu.utilization"): Reading(
...                 strength=12.0, onset_ns=30 * 10**9, active=True
...             )
...         },
...         relations=[Relation(source=gate, kind=RelationKind.CALLS, target=cart)],
...     )
... )
>>> answer.causes[0].entity, answer.causes[0].change, answer.no_change_is_guilty
('service:a/b/cart', None, 1.0)
"""

from opsweave.analysis.causality.case import Case, Reading, Symptom
from opsweave.analysis.causality.explain import Explanation, explain

__all__ = ["Case", "Explanation", "Reading", "Symptom", "explain"]
