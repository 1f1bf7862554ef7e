"""The command line as a whole: its sub-commands, those of plugins, and how errors leave it.

Exit codes: 0 ok, 1 a job failed or a check found faults, 2 wrong usage, 3 this machine or its configuration
has to be mended first.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from botcore.cli import chat, doctor, evaluation, forget, migrate, plugins, render, serve, token, validate
from botcore.cli.options import Options
from botcore.cli.output import ExitCode, exit_code_of, fail, operator_lines, print_json, problem_of
from botcore.errors import BotcoreError, ConfigError


class CommandGroup(TyperGroup):
    """The core's commands; plugins are loaded only for help, and for names that the core does not know."""

    _plugin_commands: dict[str, Any] | None = None

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *self._of_plugins(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return super().get_command(ctx, cmd_name) or self._of_plugins(ctx).get(cmd_name)

    def _of_plugins(self, ctx: Any) -> dict[str, Any]:
        if self._plugin_commands is None:
            from botcore.cli.extensions import plugin_commands

            config = ctx.params.get("config")
            self._plugin_commands = plugin_commands(config, taken=set(self.commands))
        return self._plugin_commands


app = typer.Typer(
    name="botcore",
    cls=CommandGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (render, validate, chat, serve, doctor, migrate, forget):
    app.command(command.__name__.rpartition(".")[2])(command.command)
app.command("eval")(evaluation.command)
app.add_typer(plugins.app, name="plugins")
app.add_typer(token.app, name="token")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"botcore {version('botcore-framework')}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(help="Settings file; else BOTCORE_CONFIG, else config/botcore.toml.", metavar="FILE"),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show the log on stderr.")] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Turn a maths problem into an animated video."""
    ctx.obj = Options(config=config, verbose=verbose)


def run(arguments: list[str]) -> int:
    """Run one command line; the exit code. Nobody is shown a traceback unless they asked with ``-v``."""
    as_json = "--json" in arguments
    try:
        typer.main.get_command(app).main(arguments, prog_name="botcore")
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else ExitCode.USAGE
        if as_json and code == ExitCode.USAGE:
            print_json({"status": "failed", "error": {"code": "usage", "message": "See stderr."}})
        return code
    except BotcoreError as error:
        for line in error.problems if isinstance(error, ConfigError) else [error.message]:
            fail(line)
        for line in operator_lines(error):
            fail(line)
        if as_json:
            print_json({"status": "failed", "error": problem_of(error)})
        return exit_code_of(error)
    except BrokenPipeError:
        # Whoever read our output has gone (“botcore … | head”).
        sys.stderr.close()
        return ExitCode.FAILED
    except Exception as error:  # noqa: BLE001  # the last line of defence: one sentence instead of a traceback
        _explain(error, "-v" in arguments or "--verbose" in arguments)
        if as_json:
            print_json({"status": "failed", "error": problem_of(BotcoreError())})
        return ExitCode.FAILED
    return ExitCode.OK


def _explain(error: Exception, verbose: bool) -> None:
    if verbose:
        import traceback

        traceback.print_exception(error)
    what = type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        what += f": {error.strerror}" + (f": {error.filename}" if error.filename else "")
    fail(
        f"This is a fault of botcore, or of a plugin ({what}). Run it again with “botcore -v …” for details."
    )
