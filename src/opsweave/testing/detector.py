"""Contract suite for streaming detectors: run it over any implementation of the protocol.

After the idea of scikit-learn's and River's ``check_estimator``: each check takes a factory of
fresh detectors and raises AssertionError with a sentence.
"""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Callable, Sequence
from typing import Protocol

from opsweave.analysis.signal import Deviation, Frame, SeriesKey

WIDTH_NS = 5_000_000_000
LATENCY = SeriesKey("service:demo/shop/cart", "latency_p95")
ERRORS = SeriesKey("service:demo/shop/cart", "error_ratio")
REQUESTS = SeriesKey("service:demo/shop/cart", "requests")


class StreamingDetector(Protocol):
    """What the loop needs of a detector."""

    def step(self, frame: Frame) -> list[Deviation]: ...
    def strengths(self) -> dict[SeriesKey, tuple[float, int]]: ...
    def since(self, key: SeriesKey) -> int | None: ...
    def band(self, key: SeriesKey) -> tuple[float, float, float] | None: ...
    def stats(self) -> dict[str, int]: ...
    def state(self) -> bytes: ...
    def restore(self, state: bytes) -> None: ...


Factory = Callable[[], StreamingDetector]


def frames(
    n: int, *, seed: int = 0, start: int = 0, slow: float = 1.0, failing: float = 0.0
) -> list[Frame]:
    """``n`` buckets of one service with steady traffic; ``slow`` multiplies its latency."""
    draw = random.Random(f"{seed}:{start}")
    found = []
    for i in range(start, start + n):
        requests = 90 + draw.randint(-15, 15)
        values = {
            LATENCY: slow * 100.0 * math.exp(draw.gauss(0.0, 0.08)),
            ERRORS: round(failing * requests) / requests,
            REQUESTS: requests / 5.0,
        }
        found.append(
            Frame(
                at_ns=(i + 1) * WIDTH_NS,
                width_ns=WIDTH_NS,
                values=values,
                counts=dict.fromkeys(values, requests),
            )
        )
    return found


def run(detector: StreamingDetector, stream: Sequence[Frame]) -> list[list[Deviation]]:
    """All answers, one list a frame."""
    return [detector.step(frame) for frame in stream]


def active(answers: Sequence[Sequence[Deviation]]) -> set[SeriesKey]:
    """Keys that were reported as deviating."""
    return {d.key for answer in answers for d in answer if d.active}


def check_silent_when_calm(make: Factory) -> None:
    found = active(run(make(), frames(240)))
    assert not found, f"alarms in a calm stream: {found}"


def check_finds_a_step(make: Factory) -> None:
    stream = [*frames(40), *frames(6, start=40, slow=6.0)]
    answers = run(make(), stream)
    hits = [d for answer in answers for d in answer if d.key == LATENCY and d.active]
    assert hits, "a sixfold latency for six buckets was not found"
    first = hits[0]
    assert first.since_ns == 40 * WIDTH_NS, "the onset is not the first bucket outside"
    assert first.direction == 1, "a rise must have direction +1"
    assert 0.0 < first.score <= 1.0, "scores lie in (0, 1]"
    assert first.low <= first.expected <= first.high < first.seen, "band and value disagree"
    assert "latency_p95" in first.reason, "the reason must name the indicator"


def check_ends_once(make: Factory) -> None:
    stream = [*frames(40), *frames(8, start=40, slow=6.0), *frames(30, start=48)]
    ends = [d for answer in run(make(), stream) for d in answer if not d.active]
    assert [d.key for d in ends] == [LATENCY], f"one end expected, got {ends}"


def check_deterministic(make: Factory) -> None:
    stream = [*frames(40), *frames(10, start=40, slow=5.0, failing=0.3)]
    assert run(make(), stream) == run(make(), stream), "same frames, different answers"


def check_pure(make: Factory) -> None:
    stream = frames(20)
    before = copy.deepcopy(stream)
    run(make(), stream)
    assert stream == before, "a frame was changed"


def check_order_of_keys_is_irrelevant(make: Factory) -> None:
    stream = [*frames(40), *frames(10, start=40, slow=5.0)]
    turned = [
        Frame(
            at_ns=f.at_ns,
            width_ns=f.width_ns,
            values=dict(reversed(f.values.items())),
            counts=f.counts,
        )
        for f in stream
    ]
    one, two = run(make(), stream), run(make(), turned)
    assert [{d.key: d for d in a} for a in one] == [{d.key: d for d in a} for a in two]


def check_state_round_trip(make: Factory) -> None:
    head, tail = frames(44, slow=1.0), [*frames(6, start=44, slow=6.0), *frames(9, start=50)]
    whole = make()
    run(whole, head)
    half = make()
    half.restore(whole.state())
    assert run(whole, tail) == run(half, tail), "a restored detector answers differently"
    assert whole.state() == half.state(), "a restored detector holds another state"


def check_bounded(make: Factory) -> None:
    detector = make()
    run(detector, frames(300))
    size = len(detector.state())
    run(detector, frames(600, start=300))
    assert len(detector.state()) <= 1.1 * size + 1000, "state grows with time"


def check_absent_and_nan(make: Factory) -> None:
    detector = make()
    for i, frame in enumerate(frames(60)):
        values = dict(frame.values)
        if i % 3 == 0:
            values = {}
        elif i % 3 == 1:
            values = dict.fromkeys(values, math.nan)
        answers = detector.step(
            Frame(at_ns=frame.at_ns, width_ns=frame.width_ns, values=values, counts={})
        )
        assert not answers, f"absent data gave {answers}"


def check_old_frames_are_ignored(make: Factory) -> None:
    detector = make()
    stream = frames(30)
    run(detector, stream)
    state = detector.state()
    assert detector.step(stream[3]) == [], "an old frame was answered"
    assert detector.state() == state, "an old frame was learned"


def check_does_not_learn_from_anomalies(make: Factory) -> None:
    detector = make()
    run(detector, frames(60))
    before = detector.band(LATENCY)
    run(detector, frames(40, start=60, slow=8.0))
    after = detector.band(LATENCY)
    assert before is not None and after is not None, "no band after 60 buckets"
    assert after[0] < 2.0 * before[0], "the anomaly became the expectation"
    assert detector.since(LATENCY) == 60 * WIDTH_NS, "the episode lost its onset"


def check_one_error_is_no_alarm(make: Factory) -> None:
    detector = make()
    for i in range(120):
        bad = 1 if i % 10 == 0 else 0
        frame = Frame(
            at_ns=(i + 1) * WIDTH_NS,
            width_ns=WIDTH_NS,
            values={ERRORS: bad / 8},
            counts={ERRORS: 8},
        )
        assert not detector.step(frame), "one error of eight is no alarm"


CHECKS: tuple[Callable[[Factory], None], ...] = (
    check_silent_when_calm,
    check_finds_a_step,
    check_ends_once,
    check_deterministic,
    check_pure,
    check_order_of_keys_is_irrelevant,
    check_state_round_trip,
    check_bounded,
    check_absent_and_nan,
    check_old_frames_are_ignored,
    check_does_not_learn_from_anomalies,
    check_one_error_is_no_alarm,
)


def check_detector(make: Factory) -> None:
    """Run every check on detectors that ``make`` builds; AssertionError names what is broken."""
    for check in CHECKS:
        check(make)
