"""``botcore plugins``: what is installed, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from botcore.cli.options import options_of, prepare
from botcore.cli.output import ExitCode, print_json, say, tell

if TYPE_CHECKING:
    from botcore.plugins import PluginHost, PluginRecord

app = typer.Typer(
    help="Show the installed plugins.",
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.callback()
def table(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Show the installed plugins, what they provide, and what kept one from loading."""
    if ctx.invoked_subcommand is None:
        _show(_load(ctx), as_json, verbose=options_of(ctx).verbose)


@app.command()
def check(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Exit with 1 when an enabled plugin did not load or its settings are wrong."""
    host = _load(ctx)
    _show(host, as_json, verbose=True)
    raise typer.Exit(ExitCode.OK if host.ok else ExitCode.FAILED)


def _load(ctx: typer.Context) -> PluginHost:
    from botcore.plugins import load_plugins

    return load_plugins(prepare(ctx))


def _show(host: PluginHost, as_json: bool, *, verbose: bool) -> None:
    if as_json:
        print_json(
            {
                "ok": host.ok,
                "plugins": [_as_object(record) for record in host.records],
                "problems": list(host.problems),
            }
        )
        return
    rows = [("PLUGIN", "OUTCOME", "DISTRIBUTION", "TIME", "PROVIDES")]
    rows += [
        (
            record.name,
            record.outcome.value,
            f"{record.distribution} {record.version}".strip(),
            f"{record.seconds * 1000:.0f} ms",
            ", ".join(record.provides) or record.reason or "-",
        )
        for record in host.records
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + f"  {row[4]}")
    for record in host.records:
        if record.traceback and verbose:
            tell(f"\n{record.name}:\n{record.traceback.rstrip()}")
    for problem in host.problems:
        tell(problem)


def _as_object(record: PluginRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "outcome": record.outcome.value,
        "distribution": record.distribution,
        "version": record.version,
        "seconds": round(record.seconds, 4),
        "provides": list(record.provides),
        "reason": record.reason,
    }
