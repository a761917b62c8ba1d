import random
import time
from functools import partial
from importlib import resources
from types import SimpleNamespace

import pytest

from opsweave.demo.faults import edits
from opsweave.demo.faults.edits import Step

SOURCE = (
    resources.files("opsweave.demo.company") / "template" / "services" / "cart" / "steps.py"
).read_text()


class Context:
    def __init__(self, *flags):
        self.memory = {}
        self.random = random.Random(3)
        self.looked_up = 0
        self._flags = flags

    def lookup(self, key):
        self.looked_up += 1

    def flag(self, name):
        return name in self._flags


def run(source, ctx, data):
    module = SimpleNamespace()
    names: dict = {}
    exec(compile(source, "steps.py", "exec"), names)
    module.run = names["run"]
    return module.run(ctx, data)


PLAIN = Step("mark_season", "season")


def made(edit, step=PLAIN):
    return edits.apply(SOURCE, step, edit(step))


def fails(source, ctx, customer):
    try:
        run(source, ctx, {"customer": customer})
    except LookupError:
        return True
    return False


def test_lookups_cost_what_they_are_to_cost():
    for ms, times in ((edits.LOOKUP_MS, 1), (300, 50)):
        ctx = Context()
        run(made(partial(edits.lookups, ms=ms)), ctx, {"customer": 1})
        assert ctx.looked_up == times


def test_buckets_fail_for_the_missing_share_of_customers_and_else_for_none():
    for missing in (0.0, 0.25, 1.0):
        source = made(partial(edits.buckets, missing=missing))
        failed = sum(fails(source, Context(), customer) for customer in range(240))
        assert failed / 240 == pytest.approx(missing, abs=0.02)


def test_buckets_serve_requests_without_a_customer():
    source = made(edits.buckets)
    assert run(source, Context(), {})["labels"]["season"] in (1, 2, 3)


def test_memory_is_bounded_unless_it_is_to_leak():
    for keep, most in ((50, 50), (edits.ENDLESS, 120)):
        ctx, source = Context(), made(partial(edits.memory, size=100, keep=keep))
        for customer in range(120):
            run(source, ctx, {"customer": customer})
        assert len(ctx.memory["mark_season"]) == most


def test_computing_waits_for_the_flag():
    source = made(lambda step: edits.computes(step, cpu_ms=30, flag="early-bundles"))
    spent = []
    for flags in ((), ("early-bundles",)):
        began = time.thread_time()
        run(source, Context(*flags), {"customer": 1})
        spent.append(time.thread_time() - began)
    assert spent[0] < 0.02 < spent[1]


def test_a_ramp_begins_at_nothing():
    step = Step("mark_season", "season", ramp=600)
    ctx = Context()
    run(made(lambda step: edits.lookups(step, ms=600), step), ctx, {"customer": 1})
    assert ctx.looked_up == 0
    source = made(lambda step: edits.buckets(step, missing=1.0), step)
    assert not fails(source, Context(), 5)


def test_a_ramp_reaches_its_strength():
    step = Step("mark_season", "season", ramp=10)
    ctx = Context()
    ctx.memory["mark_season.since"] = time.monotonic() - 10
    run(made(lambda step: edits.lookups(step, ms=600), step), ctx, {"customer": 1})
    assert ctx.looked_up == 100
    assert fails(made(lambda step: edits.buckets(step, missing=1.0), step), ctx, 5)


@pytest.mark.parametrize("ramp", [0.0, 15.0])
@pytest.mark.parametrize(
    ("innocent", "guilty"),
    [
        (edits.lookups, lambda step: edits.lookups(step, ms=500)),
        (edits.buckets, lambda step: edits.buckets(step, missing=0.5)),
        (edits.memory, lambda step: edits.memory(step, size=200_000, keep=edits.ENDLESS)),
        (
            lambda step: edits.guarded(step, "a-b"),
            lambda step: edits.computes(step, cpu_ms=100, flag="a-b"),
        ),
    ],
    ids=["lookups", "buckets", "memory", "computes"],
)
def test_a_guilty_edit_has_the_lines_of_an_innocent_one(innocent, guilty, ramp):
    step = Step("mark_season", "season", ramp=ramp)
    one, other = (
        edits.apply(SOURCE, step, shape(step)).splitlines() for shape in (innocent, guilty)
    )
    assert len(one) == len(other)
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    assert len(differing) <= 2
    blank = str.maketrans(dict.fromkeys("0123456789._", ""))
    assert all(a.translate(blank) == b.translate(blank) for a, b in differing)


def test_edits_pile_up():
    source = SOURCE
    for n, shape in enumerate(edits.SHAPES * 2):
        step = Step(f"mark_{n}", "season", ramp=15.0 * (n % 2))
        source = edits.apply(source, step, shape(step))
    ctx = Context()
    assert run(source, ctx, {"customer": 4})["labels"]["season"]
    assert edits.names(source) >= {f"mark_{n}" for n in range(6)}
    assert source.count("import time") == 1
