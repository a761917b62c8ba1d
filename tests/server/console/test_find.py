"""The palette finds anything by a part of its name."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def filled(rig):
    spec = importlib.util.spec_from_file_location("small", HERE / "pages" / "small.py")
    small = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(small)
    small.fill(rig.assembly, rig.assembly.clock.now_ns())
    return rig


def hits(rig, q: str):
    return [(item["kind"], item["title"]) for item in rig.get(f"find?q={q}")["items"]]


def test_without_words_the_pages(rig) -> None:
    kinds = {kind for kind, _ in hits(rig, "")}
    assert kinds == {"page"}
    assert ("page", "Overview") in hits(rig, "")


def test_everything_by_a_part_of_its_name(filled) -> None:
    found = hits(filled, "cart")
    assert found[0] == ("entity", "cart"), "the whole name is nearest"
    assert {"entity", "incident", "change", "run"} <= {kind for kind, _ in found}
    assert ("run", "rollback for cart") in hits(filled, "run-1")
    assert ("incident", "Cart is slow") in hits(filled, "inc-1")
    assert ("change", "ship dep/1") in hits(filled, "dep")
    assert hits(filled, "no such thing") == []


def test_a_hit_leads_to_its_page(filled) -> None:
    for item in filled.get("find?q=cart")["items"]:
        filled.get(f"pages/{item['to']}")
