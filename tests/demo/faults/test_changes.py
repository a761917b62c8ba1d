"""Nothing of a change gives away whether it is guilty."""

import difflib
import random
import re

import pytest

from opsweave.demo.faults import fault_named, spec_for, words
from opsweave.demo.faults.changes import Changes, Given
from opsweave.demo.faults.edits import SHAPES, guarded
from opsweave.demo.faults.fault import Stage

TELLTALE = re.compile(
    r"slow|laten|leak|bug|fail|error|exception|break|broken|burn|cpu|\bhang|bad|worse|(?<!de)fault|inject|"
    r"guilt|innocen|decoy|harmless|cheap|expens|starv|flood|spoil|chaos|wrong",
    re.IGNORECASE,
)
CODE_FAULTS = ("deploy-latency", "deploy-exceptions", "deploy-leak")


def guilty(company, name, seed):
    """The commit or configuration of a fault."""
    spec = spec_for(name, seed)
    changes = Changes(company, random.Random(f"{name}/{seed}"))
    fault = fault_named(name)
    fault.prepare(Stage(company, changes, spec))
    fault.begin(Stage(company, changes, spec))


def size(commit):
    """(lines added, lines deleted, files)."""
    added = deleted = 0
    for name, text in commit["files"].items():
        diff = difflib.ndiff(commit["before"][name].splitlines(), text.splitlines())
        marks = [line[:2] for line in diff]
        added += marks.count("+ ")
        deleted += marks.count("- ")
    return added, deleted, len(commit["files"])


def shapes_of_messages(templates):
    return [re.compile(re.sub(r"\\\{\w+\\\}", "(.+)", re.escape(one)) + "$") for one in templates]


@pytest.mark.parametrize("name", [*CODE_FAULTS, "flag-cpu"])
def test_guilty_code_has_messages_authors_files_and_sizes_of_innocent_code(company, name):
    shapes = shapes_of_messages(words._CODE)
    innocent = Changes(company, random.Random(1))
    for _ in range(60):
        innocent.innocent_deploy("cart")
        company.files.clear()
    for _ in range(20):
        innocent.guard("cart", guarded, ramp=None)
        company.files.clear()
    sizes = {size(commit) for commit in company.commits}
    company.commits.clear()
    for seed in range(1, 30):
        guilty(company, name, seed)
        company.files.clear()
        commit = company.commits.pop()
        assert any(shape.match(commit["message"]) for shape in shapes)
        assert commit["author"] in words.AUTHORS
        assert size(commit) in sizes
        assert all(
            re.fullmatch(r"services/\w+/steps\.py|flags\.yaml", file) for file in commit["files"]
        )


def test_guilty_configuration_has_the_messages_of_innocent_configuration(company):
    shapes = shapes_of_messages(words._CONFIG)
    for seed in range(1, 30):
        guilty(company, "config-pool", seed)
        Changes(company, random.Random(seed)).innocent_setting("cart")
    for _, _, values, message, author in company.calls:
        assert any(shape.match(message) for shape in shapes)
        assert author in words.AUTHORS
        assert 1 <= len(values) <= 2
    assert {len(call[2]) for call in company.calls} == {1, 2}


def test_no_word_of_any_change_tells(company):
    changes = Changes(company, random.Random(5))
    for seed in range(1, 25):
        for name in (*CODE_FAULTS, "config-pool", "flag-cpu", "worse-model"):
            guilty(company, name, seed)
            company.files.clear()
        changes.innocent_deploy("cart")
        changes.innocent_setting("cart")
        changes.innocent_model()
        company.files.clear()
    said = [commit["message"] for commit in company.commits]
    said += [text for commit in company.commits for text in commit["files"].values()]
    said += [str(word) for call in company.calls for word in call]
    assert not {found[0] for text in said for found in [TELLTALE.search(text)] if found}


def test_the_lists_of_words_tell_nothing():
    lists = [words._CODE, words._CONFIG, words._MODEL, words._VERBS, words._NOUNS]
    lists += [words._ADJECTIVES, words._STEPS]
    assert not [word for words_ in lists for word in words_ if TELLTALE.search(word)]


def test_innocent_deployments_use_every_shape(company):
    changes = Changes(company, random.Random(2))
    for _ in range(40):
        changes.innocent_deploy("cart")
        company.files.clear()
    texts = [next(iter(commit["files"].values())) for commit in company.commits]
    for mark in ("ctx.lookup(key)", "[bucket]", "ctx.memory.setdefault"):
        assert any(mark in text for text in texts)
    assert len(SHAPES) == 3


def test_a_specification_fixes_name_message_and_author(company):
    changes = Changes(company, random.Random(2))
    given = Given("fold_total", "Fold totals", "Ada Byron")
    changes.deploy("cart", SHAPES[0], ramp=0, given=given)
    commit = company.commits[-1]
    assert "def fold_total(" in commit["files"]["services/cart/steps.py"]
    assert (commit["message"], commit["author"]) == ("Fold totals", "Ada Byron")


def test_an_innocent_setting_never_makes_a_pool_smaller(company):
    changes = Changes(company, random.Random(9))
    for _ in range(80):
        changes.innocent_setting("mailer")
    sizes = [call[2]["pool.size"] for call in company.calls if "pool.size" in call[2]]
    assert sizes and min(sizes) > 4


def test_flags_are_switched_to_and_fro(company):
    changes = Changes(company, random.Random(2))
    changes.guard("cart", guarded, ramp=None)
    changes.switch("cart", Given())
    changes.switch("cart", Given())
    assert [call[2] for call in company.calls] == [True, False]
    assert changes.flags["cart"] in company.files["flags.yaml"]
