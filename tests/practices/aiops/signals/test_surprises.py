"""Rates and order of ordinary lines as evidence of the entity; never a symptom."""

from opsweave.analysis.detection import Detector, is_symptom, spec_of
from opsweave.analysis.signal import SeriesKey
from opsweave.practices.aiops.signals import SignalBuilder
from opsweave.practices.aiops.signals.surprises import MAX_TEMPLATES, LineSurprises

from .rows import CART, at, batch, log

ORDER = SeriesKey(CART, "log_order")


def play(builder, detector, start, end, lines_of):
    """Feed a second at a time; every deviation of a surprise by key, with its first bucket."""
    found = {}
    for second in range(start, end):
        builder.feed(batch(logs=lines_of(second)))
        for frame in builder.close(at(second)):
            for d in detector.step(frame):
                if d.active and d.key.indicator.startswith(("log_rate", "log_order")):
                    found.setdefault(d.key, d)
    return found


def steps(second):
    """Four lines a second, in the one order in which they belong."""
    names = ("open", "read", "write", "close")
    return [log(second + i / 10, f"{name} segment") for i, name in enumerate(names)]


def test_an_ordinary_line_that_stops_is_evidence_of_its_entity():
    builder, detector = SignalBuilder(), Detector()
    assert not play(builder, detector, 0, 400, steps)
    found = play(builder, detector, 400, 460, lambda second: steps(second)[:3])
    rates = [key for key in found if key.indicator.startswith("log_rate:")]
    assert [builder.template_text(key.indicator) for key in rates] == ["close segment"]
    assert found[rates[0]].expected == 0.0
    assert "nat, expected 0.." in found[rates[0]].reason


def test_lines_in_an_order_that_never_was_are_evidence():
    builder, detector = SignalBuilder(), Detector()
    assert not play(builder, detector, 0, 600, steps)

    def turned(second):
        return [log(second + i / 10, line["body"]) for i, line in enumerate(reversed(steps(0)))]

    assert ORDER in play(builder, detector, 600, 630, turned)


def test_neither_is_a_symptom_nor_asks_the_ensemble():
    for indicator in ("log_order", "log_rate:abc"):
        assert not is_symptom(indicator)
        assert spec_of(indicator).kind.name == "SURPRISE"


def test_names_of_templates_are_bounded():
    surprises, told = LineSurprises(), set()
    for second in range(600):
        for n in range(80):
            if second < 400 or n >= 70:
                surprises.observe(CART, f"t{n}", at(second) + n, grave=False)
        told |= {name for _, name in surprises.close(at(second)) if name.startswith("log_rate:")}
    assert "log_rate:other" in told
    assert len(told) == MAX_TEMPLATES + 1
    surprises.forget(CART)
    assert surprises.told() == []
