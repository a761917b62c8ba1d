"""The reference of commands as Markdown: ``python -m opsweave.cli._page``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from opsweave.cli._app import build

_HEAD = """# Commands

Made from the program itself (`python -m opsweave.cli._page`); `opsweave COMMAND --help` says the
same, and `opsweave --version` prints the version.

With `--json` a command prints one JSON document on standard output and nothing else; messages go to
standard error. An error is one line that names the field and the next action.

A command finds the server through the data folder: `--data DIR`, else the environment variable
`OPSWEAVE_DATA`, else `$XDG_DATA_HOME/opsweave` (`~/.local/share/opsweave`). It asks the server that
owns the folder, with the token in `DIR/local.token`, and opens the stores itself only when none
runs. Who can read that folder can do everything; it has mode 0700.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_section(name, one) for name, one in _leaves(_program()))])


def _program() -> Any:
    return typer.main.get_command(build())


def _leaves(command: Any, name: str = "opsweave") -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", {})
    if not below:
        yield name, command
    for part in sorted(below):
        yield from _leaves(below[part], f"{name} {part}")


def _section(name: str, command: Any) -> str:
    example, codes = _epilog(command.epilog or "")
    rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
    lines = [f"## {name}", "", _plain(command.help), ""]
    lines += [*(f"    {line}" for line in example), ""]
    lines += ["| option | default | meaning |", "|---|---|---|", *rows, ""]
    lines += ["Exit codes:", "", *(f"- `{code}` {says}" for code, says in codes), ""]
    return "\n".join(lines)


def _row(parameter: Any) -> str:
    if getattr(parameter, "param_type_name", "") == "argument":
        name = f"`{parameter.metavar or parameter.name.upper()}`"
    else:
        names = [*parameter.opts, *parameter.secondary_opts]
        name = ", ".join(f"`{one}`" for one in names)
    shown = getattr(parameter, "show_default", None)
    default = "see above" if isinstance(shown, str) else parameter.default
    if parameter.required:
        default = "required"
    elif default in (None, False, "", ()) or callable(default):
        default = ""
    return f"| {name} | {default} | {_plain(getattr(parameter, 'help', '') or '')} |"


def _epilog(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Example lines and exit codes of a command's epilog."""
    head, _, tail = text.partition("Exit codes:")
    example = [line.strip() for line in head.splitlines() if line.startswith("  ")]
    pairs = [line.strip().partition("  ") for line in tail.splitlines() if line.strip()]
    return example, [(code, says.strip()) for code, _, says in pairs]


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    print(page(), end="")
