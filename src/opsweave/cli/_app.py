"""Builds the program from the command groups, and turns every error into one line."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import typer
from typer import _click as click

from opsweave.cli._common import EXIT_FAILED, EXIT_INPUT, EXIT_REFUSED
from opsweave.cli._plain import plain

_HELP = """One system for what happens, what is wrong, why, and what to do about it.

Commands find the running server through the data folder (--data, or OPSWEAVE_DATA) and open the
stores themselves only when none runs."""


def build() -> typer.Typer:
    """The program with every command group that is found."""
    from opsweave import cli

    app = typer.Typer(
        name="opsweave",
        help=_HELP,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_options)
    for info in sorted(pkgutil.iter_modules(cli.__path__), key=lambda found: found.name):
        if not info.name.startswith("_"):
            module = importlib.import_module(f"opsweave.cli.{info.name}")
            if hasattr(module, "register"):
                module.register(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from opsweave import __version__

        typer.echo(f"opsweave {__version__}")
        raise typer.Exit


def _options(
    _version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and end."
    ),
) -> None:
    """Options of the program itself."""


def run(arguments: list[str]) -> int:
    """The exit code; errors go to standard error, one line each."""
    from opsweave.kernel.errors import OpsweaveError

    try:
        code = build()(arguments, prog_name="opsweave", standalone_mode=False)
    except click.exceptions.UsageError as error:
        command = error.ctx.command_path if error.ctx else "opsweave"
        return _say(f"{error.format_message()} (see {command} --help)", EXIT_INPUT)
    except click.exceptions.ClickException as error:
        return _say(error.format_message(), EXIT_INPUT)
    except (typer.Abort, KeyboardInterrupt):
        return _say("stopped", 130)
    except BrokenPipeError:
        sys.stdout = None
        return EXIT_FAILED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _say(f"{where}{error.strerror or error}", EXIT_FAILED)
    except OpsweaveError as error:
        return _say(str(error), _code(error))
    return code if isinstance(code, int) else 0


def _code(error: Exception) -> int:
    from opsweave.kernel.errors import NeedCredentials, RefusedByPolicy, RejectInput

    if isinstance(error, RejectInput):
        return EXIT_INPUT
    return EXIT_REFUSED if isinstance(error, NeedCredentials | RefusedByPolicy) else EXIT_FAILED


def _say(text: str, code: int) -> int:
    line = plain(" ".join(text.split()))
    print(f"opsweave: {line}", file=sys.stderr)
    return code
