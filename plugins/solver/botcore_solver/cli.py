"""``botcore solve TEXT [--json]``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from botcore_solver.worker.reply import Reply

_FAILED = 1
_ENVIRONMENT = 3


def solve(
    text: Annotated[str, typer.Argument(help="the problem, for example: solve x^2 - 5x + 6 = 0")],
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
    language: Annotated[
        str,
        typer.Option(help="language of the words: en, es, ar, hi, pt, ru  [default: by the script]"),
    ] = "",
    time_limit: Annotated[float, typer.Option(help="seconds that it may think", min=0.1, max=120)] = 8.0,
) -> None:
    """Solve a problem exactly and explain the steps.

    Exit codes: 0 answered, 1 abstained, 3 machine at fault.
    """
    import asyncio

    from botcore.languages import guess
    from botcore_solver.worker.client import WorkerLost

    try:
        reply = asyncio.run(_reply(text, language or guess(text), time_limit))
    except (WorkerLost, OSError):
        typer.echo("The solver's worker process could not run.", err=True)
        raise typer.Exit(_ENVIRONMENT) from None
    typer.echo(json.dumps(_as_object(reply), ensure_ascii=False) if as_json else _as_text(reply))
    if reply.status == "abstained":
        raise typer.Exit(_FAILED)


async def _reply(text: str, language: str, seconds: float) -> Reply:
    """Solve in a worker; what is not understood needs none."""
    from botcore_solver.outcome import Abstained, Status
    from botcore_solver.solve import understand
    from botcore_solver.wording import spoken
    from botcore_solver.worker.client import Worker
    from botcore_solver.worker.reply import Reply

    try:
        understand(text)
    except Abstained as abstained:
        return Reply(status=Status.ABSTAINED, advice=spoken(abstained.advice, language))
    async with Worker(seconds) as worker:
        return await worker.ask(text, language=language)


def _as_object(reply: Reply) -> dict[str, object]:
    return {
        "status": reply.status,
        "kind": reply.kind,
        "answer": reply.answer,
        "answer_text": reply.answer_text or reply.advice,
        "steps": [{"tex": tex, "why": why} for tex, why in reply.steps],
    }


def _as_text(reply: Reply) -> str:
    if reply.status == "abstained":
        return reply.advice
    lines = [f"  {tex}" + (f"    ({re.sub(r'[$]', '', why)})" if why else "") for tex, why in reply.steps]
    return "\n".join([*lines, reply.answer_text])
