"""Causes that no change has, and what only looks like one."""

from __future__ import annotations

from opsweave.analysis.causality.clues.changes import opinion
from opsweave.analysis.causality.clues.changes.complaints import complaints
from opsweave.analysis.causality.clues.changes.outside import Outside, outside
from opsweave.analysis.causality.clues.changes.scene import Scene
from opsweave.facts import CauseKind

from .story import Gauge, Said, Story, commit, told

ERRORS = Gauge("shop", "error_rate", 0.01, 0.5, 30)
CALM = Said("shop", "sold <n>")


def found(*said: Said, gauges=(ERRORS,), calls=()) -> Outside | None:
    story = Story(
        name="", guilty=(), alarm=33, alert=("shop", "error_rate", "shop fails"),
        changes=(commit("aaaaaaa1", 20, "x"),), gauges=gauges, said=(CALM, *said), calls=calls,
    )  # fmt: skip
    at = Scene(told(story))
    return outside(at, complaints(at.dossier, at.clock, at.stirs))


def said(text: str, entity: str = "shop", **extra) -> Said:
    return Said(entity, text, "ERROR", 30, 0.5, extra=extra)


def test_a_fault_of_our_own_is_nobody_elses():
    assert found(said("NullPointerException in Basket")) is None
    assert found(said("java.io.IOException: timed out reading java.io.Reader")) is None
    assert found(said("POST http://rates.market.svc:8080 answered 503")) is None


def test_a_host_that_is_not_ours_fails_by_its_own_account():
    one = found(said("https://api.partner.example.com answered 503 Service Unavailable"))
    two = found(
        said("https://api.partner.example.com answered 503 Service Unavailable"),
        said("https://files.partner.example.com answered 502 Bad Gateway", "books"),
    )
    assert one is not None
    assert two is not None
    assert one.kind is two.kind is CauseKind.OUTSIDE
    assert two.nats > one.nats


def test_that_we_are_not_let_in_there_is_our_fault():
    assert found(said("https://api.partner.example.com answered 401 Unauthorized")) is None


def test_a_surge_comes_from_where_nobody_of_ours_asks():
    surge = Gauge("shop", "requests_per_second", 100, 500, 28)
    inside = Gauge("stock", "requests_per_second", 100, 500, 28)
    entry = found(gauges=(ERRORS, surge))
    callee = found(gauges=(ERRORS, inside), calls=(("shop", "stock"),))
    assert entry is not None
    assert entry.kind is CauseKind.LOAD
    assert callee is None or callee.nats < entry.nats / 2


def test_a_surge_is_suspected_where_it_arrives_and_what_others_broke_is_only_told():
    def told_of(*said, gauges):
        story = Story(
            name="", guilty=(), alarm=33, alert=("shop", "error_rate", "shop fails"),
            changes=(commit("aaaaaaa1", 20, "x"),), gauges=gauges, said=(CALM, *said), calls=(),
        )  # fmt: skip
        return next(s for s in opinion(told(story), {}).suspects if not s.change)

    surge = Gauge("shop", "requests_per_second", 100, 500, 28)
    load = told_of(gauges=(ERRORS, surge))
    assert (load.entity, load.kind, load.nats > 1) == ("shop", CauseKind.LOAD, True)
    down = told_of(
        said("https://api.partner.example.com answered 503 Service Unavailable"), gauges=(ERRORS,)
    )
    assert (down.kind, down.nats) == (CauseKind.OUTSIDE, 0.0)


def test_more_failures_are_no_surge():
    assert found(gauges=(ERRORS, Gauge("shop", "failed_logins_per_minute", 2, 90, 28))) is None


def test_one_input_that_fails_again_and_again():
    once = found(
        Said("shop", "read <n>", extra={"file": "a.csv"}, every=2),
        Said("shop", "read <n>", extra={"file": "b.csv"}, every=2),
        said("cannot read line", file="c.csv"),
    )
    assert once is not None
    assert once.kind is CauseKind.DATA
    assert "c.csv" in once.says


def test_what_every_line_names_is_no_special_input():
    always = {"tenant": "only"}
    lines = (Said("shop", "read <n>", extra=always), said("cannot read line", **always))
    assert found(*lines) is None
