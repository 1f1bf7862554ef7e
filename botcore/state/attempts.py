"""What was tried for a job: one row per generation."""

from __future__ import annotations

from botcore.model import Failure, Finding, Source
from botcore.state.database import Database
from botcore.state.models import AttemptRow
from botcore.state.records import Attempt, dump, dump_findings, load, load_findings


class AttemptRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, job_id: str, attempt: Attempt) -> None:
        """Record a generation. Its number is unique within the job."""
        await AttemptRow.create(
            job_id=job_id,
            number=attempt.number,
            provider=attempt.provider,
            model=attempt.model,
            prompt_version=attempt.prompt_version,
            source=dump(attempt.source),
            failure=dump(attempt.failure) if attempt.failure is not None else None,
            findings=dump_findings(attempt.findings),
            fixes=attempt.fixes,
            input_tokens=attempt.input_tokens,
            output_tokens=attempt.output_tokens,
            cost=attempt.cost,
            generate_s=attempt.generate_s,
            render_s=attempt.render_s,
            created_at=self._database.clock(),
        )

    async def validated(
        self, job_id: str, number: int, source: Source, findings: tuple[Finding, ...], fixes: int
    ) -> None:
        """What the validators said of a generation, and the source after its deterministic fixes."""
        await AttemptRow.filter(job_id=job_id, number=number).update(
            source=dump(source), findings=dump_findings(findings), fixes=fixes
        )

    async def rendered(
        self, job_id: str, number: int, render_s: float, findings: tuple[Finding, ...]
    ) -> None:
        """How many seconds the rendering took, and what the renderer noticed on screen."""
        row = await AttemptRow.get_or_none(job_id=job_id, number=number)
        if row is not None:
            known = load_findings(row.findings)
            await AttemptRow.filter(id=row.id).update(
                render_s=render_s, findings=dump_findings((*known, *findings))
            )

    async def failed(self, job_id: str, number: int, failure: Failure) -> None:
        """Why a generation was given up."""
        await AttemptRow.filter(job_id=job_id, number=number).update(failure=dump(failure))

    async def of_job(self, job_id: str) -> list[Attempt]:
        """All attempts of a job, in order."""
        return [_attempt(row) for row in await AttemptRow.filter(job_id=job_id).order_by("number")]


def _attempt(row: AttemptRow) -> Attempt:
    return Attempt(
        number=row.number,
        provider=row.provider,
        source=load(Source, row.source),
        model=row.model,
        prompt_version=row.prompt_version,
        failure=load(Failure, row.failure) if row.failure is not None else None,
        findings=load_findings(row.findings),
        fixes=row.fixes,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        cost=row.cost,
        generate_s=row.generate_s,
        render_s=row.render_s,
    )
