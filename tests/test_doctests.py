"""The examples in docstrings, wherever they stand."""

import doctest
import importlib
import pkgutil

import pytest

import opsweave

# Programs and service code: importing them is running them, or needs what a checkout lays beside.
ASIDE = (".__main__", "opsweave.demo.company.template", "opsweave.record.state.migrations.env")
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(opsweave.__path__, "opsweave.")
    if not any(part in module.name for part in ASIDE)
)


def examples(name):
    found = doctest.DocTestFinder().find(importlib.import_module(name))
    return [test for test in found if test.examples]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for test in examples(name):
        assert runner.run(test).failed == 0, test.name


def test_the_library_has_examples():
    analyses = [name for name in MODULES if name.startswith("opsweave.analysis.")]
    assert sum(len(examples(name)) for name in analyses) >= 10
