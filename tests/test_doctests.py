"""The examples in docstrings of what is pure: kernel, facts, analyses, graph."""

import doctest
import importlib
import pkgutil

import pytest

import opsweave

PURE = ("kernel", "facts", "analysis", "graph")
MODULES = sorted(
    module.name
    for room in PURE
    for module in pkgutil.walk_packages([f"{opsweave.__path__[0]}/{room}"], f"opsweave.{room}.")
)
PACKAGES = [f"opsweave.{room}" for room in PURE]


@pytest.mark.parametrize("name", PACKAGES + MODULES)
def test_examples(name):
    failed, _ = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    )
    assert failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    found = sum(
        bool(test.examples)
        for name in PACKAGES + MODULES
        for test in finder.find(importlib.import_module(name))
    )
    assert found >= 10
