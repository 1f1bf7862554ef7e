"""``botcore render TEXT|FILE``: one video, here and now."""

from __future__ import annotations

import asyncio
import getpass
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from botcore.cli.options import load_host, prepare
from botcore.cli.output import ExitCode, UsageFault, fail, failure_lines, print_json, say
from botcore.errors import BotcoreError, InputError, UnknownPlugin
from botcore.languages import guess
from botcore.model import Aspect, Format, Job, JobKind, Quality, Source, Status, new_id

if TYPE_CHECKING:
    from botcore.app import App
    from botcore.cli.inputs import Input
    from botcore.config import Settings

CANCEL_SECONDS = 5.0
"""How long a cancelled job may take to let go of its resources before the command ends anyway."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for; None leaves it to the settings."""

    argument: str
    out: Path | None
    quality: Quality | None
    aspect: Aspect | None
    provider: str | None
    fix: bool
    as_json: bool


def command(
    ctx: typer.Context,
    argument: Annotated[
        str,
        typer.Argument(metavar="TEXT|FILE", help="A problem, a file with code or a problem, or - for stdin."),
    ],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="OUT", help="Where the video goes; .mp4, .webm or .gif."),
    ] = None,
    quality: Annotated[Quality | None, typer.Option(help="480p15, 720p30 or 1080p60.")] = None,
    aspect: Annotated[Aspect | None, typer.Option(help="The shape of the picture.")] = None,
    provider: Annotated[str | None, typer.Option(metavar="NAME", help="Who solves the problem.")] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what can be mended mechanically in code first.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a video of a problem or of code."""
    settings = prepare(ctx)
    wanted = Wanted(argument, out, quality, aspect, provider, fix, as_json)
    raise typer.Exit(asyncio.run(_render(settings, wanted)))


async def _render(settings: Settings, wanted: Wanted) -> int:
    from botcore.app import Role, open_app
    from botcore.cli.file_deliverer import FileDeliverer
    from botcore.cli.inputs import choose_output, read_input
    from botcore.cli.signals import stop_requested

    host = load_host(settings)
    given = read_input(wanted.argument, list(host.renderers.values()))
    out, output_format = choose_output(wanted.out, given.stem)
    role = Role(scope=f"render:{new_id()}", limited=False, deliverer=lambda store: FileDeliverer(store, out))
    with stop_requested() as stop:
        async with open_app(settings, role, host=host) as app, app.working():
            try:
                app.submissions.check(given.submitted, wanted.provider)
                # It warms up while the problem is being solved; a wall that does not hold is seen here.
                await app.host.renderer(given.submitted.renderer or app.renderer)
                job = await _submit(app, wanted, given, output_format)
            except UnknownPlugin as error:
                raise UsageFault(problem=error.message) from None
            except InputError as error:
                return _refused(error, wanted)
            job = await _follow(app, job, stop, wanted)
            await _report(app, job, out, wanted)
            # nobody may come by here again soon: what was handed over goes now
            await app.reaper.tidy()
    return ExitCode.OK if job.status is Status.DELIVERED else ExitCode.FAILED


async def _submit(app: App, wanted: Wanted, given: Input, output_format: Format) -> Job:
    from botcore.cli.checking import mended
    from botcore.cli.file_deliverer import PLATFORM
    from botcore.intake.submission import Place

    submitted = given.submitted
    if wanted.fix and submitted.kind is JobKind.CODE:
        language = app.host.renderers[submitted.renderer or app.renderer].language
        source = Source(language=language, code=submitted.text)
        submitted = replace(submitted, text=await mended(app.host, source))
    session = await app.state.sessions.of(PLATFORM, getpass.getuser(), options=app.options)
    options = replace(
        app.options,
        quality=wanted.quality or app.options.quality,
        aspect=wanted.aspect or app.options.aspect,
        format=output_format,
    )
    job, _ = await app.submissions.submit(
        session,
        Place(PLATFORM, app.role.scope, announce=False),
        submitted,
        options=options,
        language=session.language or (guess(submitted.text) if submitted.kind is JobKind.PROBLEM else ""),
        provider=wanted.provider,
    )
    return job


async def _follow(app: App, job: Job, stop: asyncio.Event, wanted: Wanted) -> Job:
    """Show the progress until the job has ended, or cancel it when the person stops the command."""
    from botcore.cli.progress import ProgressView

    async def watch() -> None:
        with ProgressView(silent=wanted.as_json) as view:
            async for now, progress in app.control.watch(job.id):
                view.show(now, progress)

    watching = asyncio.create_task(watch())
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({watching, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in (watching, stopping):
        if task not in done:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    if watching in done:
        watching.result()
    else:
        with suppress(BotcoreError):  # it ended in the same moment
            await app.control.cancel(job.id, session_id=job.session_id)
    return await app.state.jobs.get(job.id)


def _refused(error: InputError, wanted: Wanted) -> int:
    from botcore.cli.output import problem_of

    if wanted.as_json:
        print_json({"status": Status.FAILED.value, "error": problem_of(error)})
    fail(error.message)
    return ExitCode.FAILED


async def _report(app: App, job: Job, out: Path, wanted: Wanted) -> None:
    from botcore.delivery.wording import status_text

    if wanted.as_json:
        print_json(await _as_object(app, job, out))
    elif job.status is Status.DELIVERED:
        say(str(out))
    if job.status is not Status.DELIVERED:
        fail(status_text(job))
    if job.status is Status.FAILED:
        models = any(not provider.languages for provider in app.host.providers.values())
        for line in failure_lines(job.failure, models=models):
            fail(line)


async def _as_object(app: App, job: Job, out: Path) -> dict[str, Any]:
    from botcore.delivery.wording import failure_text

    shown: dict[str, Any] = {
        "id": job.id,
        "status": job.status.value,
        "kind": job.kind.value,
        "seconds": round(job.processing_s, 3),
    }
    if job.failure is not None:
        shown["error"] = {
            "message": failure_text(job.failure, job.user_language),
            "code": job.failure.code,
            **job.failure.params,
        }
    video = await app.state.videos.of_job(job.id)
    if job.status is Status.DELIVERED and video is not None:
        shown["video"] = {
            "path": str(out),
            "media_type": video.media_type,
            "size": video.size,
            "duration": video.duration,
            "width": video.width,
            "height": video.height,
        }
    if job.source is not None and job.source.answer is not None:
        shown["answer"] = job.source.answer
    shown["attempts"] = [
        {
            "provider": attempt.provider,
            "model": attempt.model,
            "error": None if attempt.failure is None else attempt.failure.code,
            "generate_seconds": round(attempt.generate_s, 3),
            "render_seconds": round(attempt.render_s, 3),
            "fixes": attempt.fixes,
            "findings": [
                {
                    "severity": item.severity.value,
                    "code": item.code,
                    "line": item.line,
                    "message": item.message,
                }
                for item in attempt.findings
            ],
        }
        for attempt in await app.state.attempts.of_job(job.id)
    ]
    return shown
