"""Each entity's signs of trouble, and how much of it is its own."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from opsweave.analysis.causality.case import Case, Reading
from opsweave.analysis.causality.families import ACCESS_WORDS, Family, family_of, is_of_process
from opsweave.analysis.detection import spec_of
from opsweave.analysis.signal import SeriesKey
from opsweave.analysis.traces.attribution import EntityTraces
from opsweave.facts import Evidence

LEAST = 2.5
"""Scales below which a series without an episode is no sign."""
_SCALE = 3.5
_OWN_ERRORS = 0.05
"""Rise of the share of own errors that is worth one half."""
_LEAST_OWN_MS = 10.0
_LEAST_REQUESTS = 20
_SURGE = 1.35
"""Ratio of loads from which a day's usual swing is left behind."""


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence for trouble of an entity; ``weight`` in [0, 1)."""

    family: Family
    indicator: str
    weight: float
    onset_ns: int
    gradual: bool
    evidence: Evidence
    timed: bool = True
    """Whether ``onset_ns`` was measured, rather than taken from the symptoms."""


class Trouble(msgspec.Struct, kw_only=True):
    """All signs of one entity, strongest first."""

    entity: str
    signs: list[Sign]

    def of(self, *families: Family) -> list[Sign]:
        """Signs of these families."""
        return [sign for sign in self.signs if sign.family in families]

    def weight(self, *families: Family) -> float:
        """The strongest sign of these families; 0 without one."""
        return max((sign.weight for sign in self.signs if sign.family in families), default=0.0)


def worth(strength: float) -> float:
    """[0, 1): one half at the edge of the band.

    >>> worth(3.5), worth(0.0)
    (0.5, 0.0)
    """
    return float(1.0 - 2.0 ** (-abs(strength) / _SCALE))


def troubles(case: Case) -> dict[str, Trouble]:
    """Entities with at least one sign."""
    found: dict[str, list[Sign]] = defaultdict(list)
    running = case.running | {key.entity for key in case.readings if is_of_process(key.indicator)}
    for key, reading in case.readings.items():
        if family_of(key.indicator) is Family.PRESENCE and key.entity not in running:
            continue
        sign = _of_series(case, key, reading)
        if sign is not None:
            found[_bearer(case, key, sign)].append(sign)
    for entity, traces in case.after.items():
        found[entity] += _of_traces(case, entity, traces)
    for entity, sign in _unanswered(case):
        found[entity].append(sign)
    for template in case.templates:
        text = " ".join((template.text, *template.examples))
        access = template.severity >= _WARN and ACCESS_WORDS.search(text)
        found[template.entity].append(
            Sign(
                family=Family.ACCESS if access else Family.LOGS,
                indicator=f"log_template:{template.template}",
                weight=template.score,
                onset_ns=template.onset_ns,
                gradual=False,
                evidence=Evidence(
                    id=f"logs:telemetry:{template.entity}|{template.template}@{template.onset_ns}",
                    says=f"{'new' if template.new else 'more'} log lines: {template.text[:160]}",
                    n=template.n,
                ),
            )
        )
    return {
        entity: Trouble(entity=entity, signs=sorted(signs, key=lambda s: -s.weight))
        for entity, signs in found.items()
        if signs
    }


_WARN = 13


def _of_series(case: Case, key: SeriesKey, reading: Reading) -> Sign | None:
    family = family_of(key.indicator)
    if family is Family.LOGS:
        return None  # templates say it better
    spec = spec_of(key.indicator)
    if family in {Family.DATA, Family.OTHER}:
        strength = abs(reading.strength)
    elif spec.direction < 0:
        strength = -reading.strength
    else:
        strength = reading.strength
    if strength < LEAST and not reading.active:
        return None
    if strength <= 0 or (family is Family.OTHER and not reading.active):
        return None
    weight = worth(strength) * (1.0 if reading.active else 0.7)
    toward = f" towards {key.peer}" if key.peer else ""
    return Sign(
        family=family,
        indicator=key.indicator,
        weight=weight,
        onset_ns=reading.onset_ns,
        gradual=reading.gradual,
        evidence=Evidence(
            id=f"signal:telemetry:{key}@{reading.onset_ns}",
            says=reading.says or f"{key.indicator}{toward} is {reading.strength:+.1f} scales off",
            n=max(1, reading.n),
        ),
    )


def _bearer(case: Case, key: SeriesKey, sign: Sign) -> str:
    """Calls that go wrong speak of the callee when it tells nothing itself."""
    if not key.peer or sign.family is not Family.CALLS:
        return key.entity
    answers = case.after.get(key.peer)
    if key.peer in case.outside or answers is None or not answers.total.requests:
        return key.peer
    return key.entity


def _of_traces(case: Case, entity: str, after: EntityTraces) -> list[Sign]:
    """Errors that arose here, and time spent here, against what was usual."""
    before = case.before.get(entity) or EntityTraces()
    signs = _of_load(case, entity, before.total.requests, after.total.requests)
    n, was = after.total.requests, before.total.requests
    if n >= 4:
        own = after.errors_own / n
        usual = (before.errors_own + 0.2) / (was + 20.0)
        rise = own - usual
        if after.errors_own >= 2 and rise > 0.01:
            says = f"{after.errors_own} of {n} requests failed here, not below ({100 * own:.0f} %)"
            halves = rise / _OWN_ERRORS
            signs.append(
                _trace_sign(case, entity, Family.OWN_ERRORS, "error_ratio", halves, says, n)
            )
    if n >= 4 and was >= 4:
        ms, usual_ms = after.self_time_ms / n, before.self_time_ms / was
        rise_ms = ms - usual_ms
        if rise_ms > max(_LEAST_OWN_MS, 0.4 * usual_ms):
            says = f"{ms:.0f} ms of own time per request, {usual_ms:.0f} ms before"
            halves = rise_ms / max(_LEAST_OWN_MS * 2, 0.75 * usual_ms)
            signs.append(
                _trace_sign(case, entity, Family.OWN_TIME, "self_time_p95", halves, says, n)
            )
    return signs


def _of_load(case: Case, entity: str, was: int, n: int) -> list[Sign]:
    """More requests per second than before, beyond a day's swing and counting noise."""
    if not case.before_s or not case.after_s or was < _LEAST_REQUESTS or n < _LEAST_REQUESTS:
        return []
    usual, now = was / case.before_s, n / case.after_s
    ratio = now / usual
    noise = abs(now - usual) / (now / case.after_s + usual / case.before_s) ** 0.5
    if ratio < _SURGE or noise < _SCALE:
        return []
    says = f"{now:.3g} requests/s, {usual:.3g} before"
    halves = (ratio - _SURGE + 0.15) / 0.3
    return [_trace_sign(case, entity, Family.LOAD, "requests", halves, says, n)]


def _unanswered(case: Case) -> list[tuple[str, Sign]]:
    """Peers of our own whose callers get no answer while they themselves leave no spans."""
    calls: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for traces in case.after.values():
        for peer, tally in traces.peers.items():
            calls[peer][0] += tally.calls
            calls[peer][1] += tally.unanswered
    found = []
    for peer, (made, lost) in calls.items():
        before, after = case.before.get(peer), case.after.get(peer)
        if peer in case.outside or before is None or not before.total.requests or lost < 3:
            continue
        served = after.total.requests if after else 0
        share = lost / made
        if share > 0.3 and served < 0.5 * made:
            says = f"{lost} of {made} calls to it got no answer, and it served {served}"
            sign = _trace_sign(
                case, peer, Family.PRESENCE, "heartbeat", 0.8 * share / 0.3, says, made
            )
            found.append((peer, sign))
    return found


def _trace_sign(
    case: Case, entity: str, family: Family, indicator: str, halves: float, says: str, n: int
) -> Sign:
    return Sign(
        family=family,
        indicator=indicator,
        weight=float(1.0 - 2.0 ** (-halves)),
        onset_ns=case.onset_ns,
        gradual=False,
        evidence=Evidence(
            id=f"traces:telemetry:{entity}@{case.onset_ns}-{case.now_ns}", says=says, n=n
        ),
        timed=False,
    )
