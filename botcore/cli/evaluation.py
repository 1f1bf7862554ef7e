"""``botcore eval PROMPTS``: how well providers do, in figures."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Self

import typer

from botcore.cli.options import load_host, prepare
from botcore.cli.output import ExitCode, UsageFault, print_json, tell
from botcore.errors import UnknownPlugin
from botcore.model import Quality

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from botcore.config import Settings
    from botcore.evaluation import Figures, Plan, Report, Result
    from botcore.plugins import PluginHost

_HEADS = (
    "asked", "first try", "drawn", "plain", "failed", "right", "wrong", "lint", "seconds", "tokens", "US$",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    prompts: Path
    providers: tuple[str, ...]
    record: Path | None
    replay: Path | None
    out: Path | None
    limit: int | None
    quality: Quality
    min_rate: float
    as_json: bool


def command(
    ctx: typer.Context,
    prompts: Annotated[Path, typer.Argument(metavar="PROMPTS", help="A TOML file with problems.")],
    provider: Annotated[
        list[str] | None,
        typer.Option("--provider", metavar="NAME", help="Whom to ask; may be given several times."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the models' answers in files there.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Answer from such files, without a network.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the report there, as JSON.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first so many problems.")] = None,
    quality: Annotated[Quality, typer.Option(help="How well the videos are drawn.")] = Quality.LOW,
    min_rate: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Exit with 1 when a smaller share was drawn.")
    ] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Put problems to providers, and count what comes of them."""
    settings = prepare(ctx)
    wanted = Wanted(
        prompts, tuple(dict.fromkeys(provider or ())), record, replay, out, limit, quality, min_rate, as_json
    )
    raise typer.Exit(asyncio.run(_run(settings, wanted)))


async def _run(settings: Settings, wanted: Wanted) -> int:
    from botcore.cli.signals import stop_requested
    from botcore.evaluation import evaluate

    with tempfile.TemporaryDirectory(prefix="botcore-eval-", ignore_cleanup_errors=True) as folder:
        own = settings.model_copy(update={"data_dir": Path(folder), "providers": ()})
        host = load_host(own)
        plan = _plan(host, wanted)
        total = len(plan.questions) * len(plan.providers)
        with stop_requested() as stop, View(total, silent=wanted.as_json) as view:
            try:
                report = await evaluate(own, host, plan, stop, view.show)
            except UnknownPlugin as error:
                raise UsageFault(problem=error.message) from None
    _tell(report, wanted)
    enough = report.complete and report.all.rendered >= wanted.min_rate
    return ExitCode.OK if enough else ExitCode.FAILED


def _plan(host: PluginHost, wanted: Wanted) -> Plan:
    from botcore.evaluation import Plan, PromptFileWrong, read_prompts, recorded_providers

    if wanted.record is not None and wanted.replay is not None:
        raise UsageFault(problem="--record and --replay do not go together.")
    if wanted.replay is not None and not wanted.replay.is_dir():
        raise UsageFault(problem=f"There is no folder {wanted.replay}.")
    if wanted.out is not None and not wanted.out.absolute().parent.is_dir():
        raise UsageFault(problem=f"There is no folder {wanted.out.absolute().parent}.")
    try:
        questions = read_prompts(wanted.prompts)[: wanted.limit]
    except PromptFileWrong as error:
        raise UsageFault(problem=error.message) from None
    providers = wanted.providers or tuple(recorded_providers(wanted.replay) if wanted.replay else ())
    if not providers:
        known = ", ".join(host.providers) or "none"
        raise UsageFault(problem=f"Say whom to ask with --provider NAME. Installed: {known}.")
    return Plan(questions, providers, wanted.quality, wanted.record, wanted.replay)


def _tell(report: Report, wanted: Wanted) -> None:
    shown = report.as_object()
    if wanted.out is not None:
        wanted.out.write_text(json.dumps(shown, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if wanted.as_json:
        print_json(shown)
    else:
        _print_table(report)
    if report.replayed.changed:
        tell(
            f"botcore: {len(report.replayed.changed)} answers were recorded with another version of the "
            "prompt; record them again to measure the present one."
        )
    if report.replayed.missing:
        tell(f"botcore: not recorded: {', '.join(report.replayed.missing)}")
    if not report.complete:
        tell("botcore: stopped before the end; the figures are those of what was done.")


def _print_table(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("provider")
    for head in _HEADS:
        table.add_column(head, justify="right")
    rows = dict(report.providers)
    if len(rows) > 1:
        rows["all"] = report.all
    for name, figures in rows.items():
        table.add_row(name, *_cells(figures))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120)
    console.print(table)
    for result in report.results:
        if not result.rendered:
            console.print(f"{result.provider} {result.question}: {_what_went_wrong(result)}", markup=False)


def _cells(figures: Figures) -> tuple[str, ...]:
    return (
        str(figures.questions),
        f"{figures.first_try:.0%}",
        f"{figures.rendered:.0%}",
        f"{figures.plain:.0%}",
        f"{figures.failed:.0%}",
        str(figures.right),
        str(figures.wrong),
        f"{figures.lint:.1f}",
        f"{figures.seconds:.1f}",
        str(figures.input_tokens + figures.output_tokens),
        f"{figures.cost:.4f}",
    )


def _what_went_wrong(result: Result) -> str:
    tried = ", ".join(result.failures)
    ended = " ".join(part for part in (result.error, result.detail) if part)
    return "; ".join(part for part in (result.way.value, tried, ended) if part)


class View:
    """How far it is, on stderr: a bar on a terminal, a line for each result elsewhere."""

    def __init__(self, total: int, *, silent: bool) -> None:
        self._total = total
        self._silent = silent
        self._done = 0
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if not self._silent and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=Console(file=sys.stderr),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("Asking", total=self._total)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, result: Result) -> None:
        """One more result."""
        self._done += 1
        said = f"{result.provider} {result.question}: {result.way.value.replace('_', ' ')}"
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=said, advance=1)
        elif not self._silent:
            tell(f"{self._done}/{self._total} {said}")
