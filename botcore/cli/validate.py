"""``botcore validate FILE``: what the validators say about code. Nothing is run."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from botcore.cli.options import load_host, prepare
from botcore.cli.output import ExitCode, print_json, say, tell
from botcore.model import Finding, Severity, Source

if TYPE_CHECKING:
    from botcore.config import Settings


def command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file with code, or - for stdin.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check code without running it."""
    settings = prepare(ctx)
    findings = asyncio.run(_validate(settings, file))
    valid = all(item.severity is not Severity.ERROR for item in findings)
    if as_json:
        print_json({"valid": valid, "findings": [_as_object(item) for item in findings]})
    else:
        for item in findings:
            where = f"{file}:{item.line}:{item.column}" if item.line else str(file)
            mendable = " (--fix mends it)" if item.fix else ""
            say(f"{where}: {item.severity.value}: {item.message} [{item.code}]{mendable}")
        if valid:
            tell(f"{file}: no errors")
    raise typer.Exit(ExitCode.OK if valid else ExitCode.FAILED)


async def _validate(settings: Settings, file: Path) -> list[Finding]:
    from botcore.app import check_parts
    from botcore.cli.inputs import read_code
    from botcore.pipeline import findings_of

    host = load_host(settings)
    host.require_valid_config()
    renderer = host.renderers[check_parts(settings, host)]
    submitted = read_code(file, list(host.renderers.values()))
    language = host.renderers[submitted.renderer].language if submitted.renderer else renderer.language
    async with host:
        return await findings_of(host, Source(language=language, code=submitted.text))


def _as_object(item: Finding) -> dict[str, object]:
    return {
        "severity": item.severity.value,
        "code": item.code,
        "message": item.message,
        "line": item.line,
        "column": item.column,
        "fixable": bool(item.fix),
    }
