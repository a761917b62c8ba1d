"""Changes that do not reach what runs: documents, tests, build, mere form."""

from __future__ import annotations

import re

from opsweave.analysis.causality.clues.changes.diffs import patch
from opsweave.analysis.causality.dossier import CaseChange

_PATHS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("documents", re.compile(r"(^|/)docs?/|\.(md|rst|adoc|txt)$|(^|/)(license|notice|authors|"
                             r"changelog|codeowners|readme)\b", re.IGNORECASE)),
    ("tests", re.compile(r"(^|/)(tests?|specs?|__tests__|testdata|fixtures?|e2e|mocks?)/|"
                         r"[._-](test|spec|mock|bench)s?\.\w+$|(^|/)test_\w+\.py$", re.IGNORECASE)),
    ("build and checks", re.compile(r"(^|/)\.(github|gitlab|circleci|buildkite|husky|vscode)\b|"
                                    r"(^|/)\.(golangci|eslint|prettier|editorconfig|gitignore|"
                                    r"pre-commit|flake8|rubocop|pylint)|jenkinsfile|(^|/)ci/|"
                                    r"(^|/)codeowners$", re.IGNORECASE)),
    ("looks", re.compile(r"\.(css|scss|sass|less|svg|png|jpe?g|gif|ico|woff2?)$", re.IGNORECASE)),
    ("what is not in production", re.compile(
        r"(^|/)(staging|stage|dev|sandbox|local|examples?|samples?)/|"
        r"[._-](staging|stage|dev|sandbox|local|example|sample)\.(ya?ml|json|toml|env|tf|tfvars|"
        r"properties|ini|conf)$|\.env\.(example|sample|local|dev)$", re.IGNORECASE)),
)  # fmt: skip
_SUMMARY = re.compile(
    r"^\W*(?:\w+\W+)?(docs?|tests?|style|ci|lint|format|typo|comment|readme|changelog)\b\W|"
    r"^(docs?|tests?|style|ci)(\(.*\))?:|\b(typo|gofmt|goimports|prettier|whitespace|"
    r"formatting|lint(er|ing)?)\b",
    re.IGNORECASE,
)


def harmless(change: CaseChange) -> str:
    """Why a commit cannot change how anything runs; '' when it can.

    >>> from opsweave.analysis.causality.dossier import CaseChange
    >>> harmless(CaseChange(id="1", at_ns=0, kind="commit", files=("docs/a.md",)))
    'touches only documents'
    """
    kinds = [_kind(path) for path in change.files]
    if kinds and all(kinds):
        return "touches only " + ", ".join(sorted(set(kinds)))
    if change.diff and patch(change.diff).empty:
        return "changes only the form of the code"
    if not change.diff and _SUMMARY.search(change.summary):
        return "is said to change only documents, tests or form"
    return ""


def _kind(path: str) -> str:
    return next((kind for kind, pattern in _PATHS if pattern.search(path)), "")
