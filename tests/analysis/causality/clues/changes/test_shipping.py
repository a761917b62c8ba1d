"""Which deployment brought a commit."""

from __future__ import annotations

import pytest

from opsweave.analysis.causality.clues.changes.shipping import belongs, shipped

from .story import commit, deploy


def ways(change, *deploys):
    others = [d for d in deploys if d.kind == "commit"]
    return {w.deploy.id: round(w.weight, 2) for w in shipped(change, [change, *others, *deploys])}


def test_a_deployment_before_the_commit_brings_nothing_of_it():
    assert ways(commit("aaaaaaa1", 10, "x", "pay/a.go"), deploy("pay", 5, "", id="early")) == {}


def test_the_first_deployment_that_follows_brings_it():
    found = ways(
        commit("aaaaaaa1", 10, "x", "pay/a.go"),
        deploy("pay", 12, "", id="first"),
        deploy("pay", 20, "", id="second"),
    )
    assert set(found) == {"first"}


def test_a_deployment_at_an_earlier_commit_does_not():
    old, new = commit("bbbbbbb1", 5, "y", "pay/b.go"), commit("aaaaaaa1", 10, "x", "pay/a.go")
    assert ways(new, old, deploy("pay", 12, "bbbbbbb1")) == {}


def test_a_short_name_of_a_commit_is_understood():
    change = commit("0123456789abcdef", 10, "x", "lib/a.go")
    assert ways(change, deploy("pay", 12, "0123456", id="d")) == {"d": 1.0}


def test_another_service_hardly_carries_it_and_what_is_nobodys_perhaps():
    own = ways(commit("aaaaaaa1", 10, "x", "services/pay/a.go"), deploy("pay", 12, "", id="d"))
    other = ways(commit("aaaaaaa1", 10, "x", "services/pay/a.go"), deploy("mail", 12, "", id="d"))
    shared = ways(commit("aaaaaaa1", 10, "x", "pkg/money/a.go"), deploy("mail", 12, "", id="d"))
    assert own["d"] > shared["d"] > other["d"] > 0


def test_without_deployments_a_commit_may_run_as_it_is():
    (way,) = shipped(commit("aaaaaaa1", 10, "x"), [])
    assert way.deploy.id == "aaaaaaa1"


@pytest.mark.parametrize(
    ("path", "entity", "expected"),
    [
        ("services/product/main.go", "productcatalogservice", True),
        ("user-profile/api.py", "user_profile_svc", True),
        ("lib/http/client.go", "payments", False),
        ("README.md", "payments", False),
    ],
)
def test_paths_belong_by_their_folders(path, entity, expected):
    assert belongs(path, entity) is expected
