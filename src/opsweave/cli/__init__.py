"""Floor 7: the command line, one file per command group.

A module of this folder whose name does not begin with an underscore and that has
``register(app)`` is found; there is no list. Modules import nothing heavy: what a command needs it
imports when it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """The program ``opsweave``."""
    from opsweave.cli._app import run

    raise SystemExit(run(list(sys.argv[1:] if arguments is None else arguments)))
