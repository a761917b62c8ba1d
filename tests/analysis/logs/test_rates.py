import math
import random

import pytest

from opsweave.analysis.logs import TemplateRates, TemplateSequences

MINUTE = 60_000_000_000


def poisson(rng, mean):
    """Knuth's way is enough for small means."""
    n, p, limit = 0, rng.random(), math.exp(-mean)
    while p > limit:
        n, p = n + 1, p * rng.random()
    return n


def run(counts, **settings):
    """Changes by minute of one template."""
    rates = TemplateRates(**settings)
    found = []
    for minute, lines in enumerate(counts):
        rates.observe("e", "other", minute * MINUTE)
        if lines:
            rates.observe("e", "t", minute * MINUTE, lines)
        found += [c for c in rates.close((minute + 1) * MINUTE) if c.template == "t"]
    return found


@pytest.mark.parametrize("mean", [0.3, 3.0, 20.0])
def test_no_change_is_as_surprising_as_it_says(mean):
    rng = random.Random(3)
    found = run([poisson(rng, mean) for _ in range(3000)], least_nats=1.0)
    for level in (2.0, 4.0):
        assert sum(c.nats > level for c in found) / 3000 <= 1.5 * math.exp(-level)


def test_more_and_less_are_found_with_what_was_expected():
    rng = random.Random(4)
    calm = [poisson(rng, 20) for _ in range(200)]
    (more,) = run([*calm, 70])
    (less,) = run([*calm, 0])
    assert (more.kind, more.lines, less.kind, less.lines) == ("more", 70, "less", 0)
    assert more.expected == pytest.approx(20, rel=0.15)
    assert more.start_ns == 200 * MINUTE


def test_bursts_that_are_usual_are_no_surprise():
    rng = random.Random(5)
    bursts = [poisson(rng, 60) if rng.random() < 0.1 else 0 for _ in range(1500)]
    assert len(run(bursts)) <= 2


def test_the_hour_of_the_day_is_no_surprise_once_it_was_seen():
    rng = random.Random(6)
    rates = TemplateRates(width_s=300)
    late = 0
    for step in range(288 * 8):
        mean = 10 + 9 * math.sin(2 * math.pi * step / 288)
        rates.observe("e", "t", step * 5 * MINUTE, poisson(rng, mean) or 1)
        late += len(rates.close((step + 1) * 5 * MINUTE)) if step > 288 * 3 else 0
    assert late <= 1


def test_rates_are_bounded_and_forget_what_is_silent():
    rates = TemplateRates(max_templates=50, half_life_s=60)
    for minute in range(100):
        for n in range(20):
            rates.observe("e", f"t{minute}-{n}", minute * MINUTE)
        rates.close((minute + 1) * MINUTE)
        assert len(rates._past) <= 50
    rates.close(200 * MINUTE)
    assert not rates._past


def test_a_line_that_comes_too_late_is_left_out():
    rates = TemplateRates()
    rates.observe("e", "t", 5 * MINUTE)
    rates.close(6 * MINUTE)
    rates.observe("e", "t", 5 * MINUTE)
    assert not rates._open


def test_a_strange_order_surprises_and_a_usual_one_does_not():
    sequences = TemplateSequences()
    for _ in range(200):
        for name in ("open", "read", "close"):
            last = sequences.observe("a", name)
    assert last.nats < 0.05
    strange = sequences.observe("a", "read")
    assert strange.nats > 4
    assert strange.rarer < 0.02
    assert strange.after == ("read", "close")


def test_entities_do_not_mix_but_teach_each_other():
    sequences = TemplateSequences()
    for i in range(300):
        for name in ("open", "read", "close"):
            for entity in ("a", "b", "c"):
                sequences.observe(entity, name)
                assert i < 5 or sequences._last[entity][-1] == name
    assert sequences.observe("new", "open").nats < 2
    assert sequences.observe("new", "read").nats < 0.5


def test_sequences_are_bounded():
    sequences = TemplateSequences(max_contexts=100, max_entities=10)
    rng = random.Random(1)
    for _ in range(5000):
        sequences.observe(f"e{rng.randrange(50)}", f"t{rng.randrange(200)}")
        assert len(sequences._counts) <= 100
        assert len(sequences._last) <= 10
