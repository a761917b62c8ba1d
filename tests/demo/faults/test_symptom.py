"""The injector's rule on synthetic experience."""

import random

import pytest

from opsweave.demo.faults import symptom
from opsweave.demo.faults.experience import Mail, Row

RATES = {"/browse": (4.5, 160), "/cart": (2.0, 220), "/checkout": (2.5, 200)}
ONSET = 1060.0


def experience(seconds=120.0, begin=1000.0, seed=1, bend=lambda row: row):
    """Rows and mails of an ordinary company, each row bent after the onset."""
    chance = random.Random(seed)
    rows, mails = [], []
    for path, (rate, ms) in RATES.items():
        at = begin
        while (at := at + chance.expovariate(rate)) < begin + seconds:
            taken = ms * chance.lognormvariate(0, 0.25)
            row = Row(at + taken / 1000, path, taken, ok=True, wronged=False)
            bent = bend(row) if at >= ONSET else row
            rows.append(bent)
            if path == "/checkout" and bent.ok:
                mails.append(Mail(row.done + 0.5, 0.5))
    return sorted(rows), sorted(mails)


def found(rows, mails, until=1120.0, since=ONSET, clear=0.0):
    usual = symptom.normal(
        [row for row in rows if row.done <= ONSET], [mail for mail in mails if mail.at <= ONSET]
    )
    return symptom.first_breach(rows, mails, usual, since, until, clear=clear)


@pytest.mark.parametrize("seed", range(20))
def test_calm_is_no_symptom(seed):
    rows, mails = experience(seed=seed)
    assert found(rows, mails) is None


@pytest.mark.parametrize("path", sorted(RATES))
def test_slowness_of_one_path_is_felt_soon(path):
    rows, mails = experience(
        bend=lambda r: r._replace(ms=r.ms + 300, done=r.done + 0.3) if r.path == path else r
    )
    seen = found(rows, mails)
    assert seen is not None
    assert ONSET < seen.at < ONSET + 12
    assert path in seen.says


def test_failures_of_one_path_are_felt():
    chance = random.Random(3)
    rows, mails = experience(
        bend=lambda r: r._replace(ok=False) if r.path == "/cart" and chance.random() < 0.4 else r
    )
    seen = found(rows, mails)
    assert seen is not None and "requests for /cart failed" in seen.says


def test_wronged_customers_are_felt():
    rows, mails = experience(
        bend=lambda r: r._replace(wronged=True) if r.path == "/checkout" else r
    )
    seen = found(rows, mails)
    assert seen is not None and "declined" in seen.says


def test_a_few_failures_are_chance():
    rows, mails = experience()
    index = [n for n, row in enumerate(rows) if row.done > ONSET and row.path == "/cart"]
    for n in index[::12]:
        rows[n] = rows[n]._replace(ok=False)
    assert found(rows, mails) is None


def test_a_hiccup_of_two_seconds_is_no_symptom():
    rows, mails = experience(
        bend=lambda r: r._replace(ms=r.ms + 900) if 1070 < r.done < 1072 else r
    )
    assert found(rows, mails) is None


def test_late_mails_are_felt():
    rows, mails = experience()
    late = [m._replace(at=m.at + (m.at - ONSET), delay=m.at - ONSET) for m in mails if m.at > ONSET]
    mails = sorted([m for m in mails if m.at <= ONSET] + late)
    seen = found(rows, mails)
    assert seen is not None and "late" in seen.says


def test_mails_that_stop_are_felt_though_none_is_there_to_be_late():
    rows, mails = experience()
    seen = found(rows, [mail for mail in mails if mail.at <= ONSET])
    assert seen is not None and "no mail" in seen.says
    assert seen.at < ONSET + 15


def test_lost_mails_are_felt():
    rows, mails = experience()
    mails = [mail._replace(ok=mail.at <= ONSET) for mail in mails]
    seen = found(rows, mails)
    assert seen is not None and "mails were lost" in seen.says


def test_a_breach_is_told_once_it_is_confirmed():
    rows, mails = experience(bend=lambda r: r._replace(ok=False))
    seen = found(rows, mails)
    assert seen is not None
    _, last = symptom.CONFIRM_S
    assert found(rows, mails, until=seen.at + last) == seen
    assert found(rows, mails, until=seen.at + last - 1) is None


def test_looking_step_by_step_finds_the_same():
    rows, mails = experience(
        bend=lambda r: r._replace(ok=False) if r.done > 1083 and r.path == "/cart" else r
    )
    whole, clear = found(rows, mails), 0.0
    assert whole is not None
    for until in range(1061, 1121):
        seen = found(rows, mails, until=until + 0.5, clear=clear)
        clear = symptom.clear_until(until + 0.5)
        if seen is not None:
            break
    assert seen == whole


def test_what_was_before_is_not_looked_at():
    rows, mails = experience(bend=lambda r: r._replace(ok=r.done > 1075))
    assert found(rows, mails, since=1080.0) is None


def test_nobody_came():
    assert symptom.normal([], []).paths == {}
    assert symptom.first_breach([], [], symptom.normal([], []), 1000.0, 1100.0) is None
