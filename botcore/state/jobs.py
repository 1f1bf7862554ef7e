"""Jobs: submission, and the compare-and-set writes of the pipeline. Claims: :mod:`botcore.state.claims`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F, Q, Subquery
from tortoise.functions import Count

from botcore.errors import NotFound, Superseded
from botcore.model import (
    Artifact,
    Button,
    Failure,
    Job,
    JobKind,
    OutgoingKind,
    RenderOptions,
    Source,
    Status,
    check_move,
    new_id,
)
from botcore.state.batches import delete_some
from botcore.state.bell import Bell
from botcore.state.database import Database
from botcore.state.limits import UNFINISHED, admit
from botcore.state.models import JobRow, SessionRow, VideoRow
from botcore.state.moves import Move, record_move
from botcore.state.outbox import OutboxRepository, status_key
from botcore.state.records import (
    NOTHING,
    UNLIMITED,
    Checkpoint,
    Limits,
    NewJob,
    NewOutgoing,
    Payload,
    dump,
    load,
)
from botcore.state.sessions import SessionRepository


class JobRepository:
    """``bell`` rings whenever a job may have become claimable; ``changed`` whenever one changed at all."""

    def __init__(self, database: Database, sessions: SessionRepository, outbox: OutboxRepository) -> None:
        self._database = database
        self._sessions = sessions
        self._outbox = outbox
        self.bell = Bell()
        self.changed = Bell()

    # ------------------------------------------------------------------------------------------ submission

    async def submit(
        self,
        new: NewJob,
        *,
        key: str | None = None,
        limits: Limits = UNLIMITED,
        status_text: Callable[[Job], str] | None = None,
        status_buttons: Callable[[Job], tuple[Button, ...]] | None = None,
    ) -> tuple[Job, bool]:
        """Make a job, and its status message when ``status_text`` words one, in one transaction.

        A second submission with the same ``key`` gives the job of the first one, and False. Raises
        :class:`RateLimited` or :class:`TooManyJobs`.
        """
        try:
            job, created = await self._database.transaction(
                lambda: self._submit(new, key, limits, status_text, status_buttons)
            )
        except IntegrityError:
            # The same key at the same moment in another process.
            row = await JobRow.get_or_none(submission_key=key) if key is not None else None
            if row is None:
                raise
            return job_of(row), False
        if created:
            self.ring()
        return job, created

    async def _submit(
        self,
        new: NewJob,
        key: str | None,
        limits: Limits,
        status_text: Callable[[Job], str] | None,
        status_buttons: Callable[[Job], tuple[Button, ...]] | None,
    ) -> tuple[Job, bool]:
        # Locks out a second submission of the same person until this one is counted (PostgreSQL; SQLite has
        # one writer anyway).
        session = await SessionRow.filter(id=new.session_id).select_for_update().first()
        now = self._database.clock()
        if session is None or session.expires_at <= now:
            raise Superseded("the session is over, was forgotten, or went to another one")
        if key is not None:
            row = await JobRow.get_or_none(submission_key=key)
            if row is not None:
                return job_of(row), False
        await admit(self._database, session.account, limits)
        row = await JobRow.create(
            id=new_id(),
            session_id=new.session_id,
            scope=new.scope,
            submission_key=key,
            fingerprint=new.fingerprint,
            kind=new.kind.value,
            platform=new.platform,
            chat_id=new.chat_id,
            renderer=new.renderer,
            options=dump(new.options),
            status=Status.QUEUED.value,
            text=new.text,
            user_language=new.user_language,
            provider=new.provider,
            priority=new.priority,
            parent_id=new.parent_id,
            source=dump(new.source) if new.source is not None else None,
            wish=new.wish,
            created_at=now,
            updated_at=now,
        )
        await record_move(row.id, Move(row.version, Status.QUEUED, 0, now))
        if status_text is not None:
            payload = Payload(
                OutgoingKind.STATUS,
                status_text(job_of(row)),
                status=Status.QUEUED,
                buttons=status_buttons(job_of(row)) if status_buttons is not None else (),
                reply_to=new.reply_to,
                language=new.user_language,
            )
            await self._outbox.enqueue(
                NewOutgoing(status_key(row.id), new.platform, new.chat_id, payload, new.scope, row.id)
            )
        await self._sessions.extend(new.session_id)
        return job_of(row), True

    # --------------------------------------------------------------------------------------------- reading

    async def get(self, job_id: str) -> Job:
        """A job by its id. Raises :class:`NotFound`."""
        return job_of(await self._row(job_id))

    async def find(self, job_id: str, session_id: str) -> Job | None:
        """A job of this session, or None: another session's job does not exist for it."""
        row = await JobRow.get_or_none(id=job_id, session_id=session_id)
        return job_of(row) if row is not None else None

    async def of_key(self, key: str) -> Job | None:
        """The job that the submission with this key made."""
        row = await JobRow.get_or_none(submission_key=key)
        return job_of(row) if row is not None else None

    async def fingerprint(self, job_id: str) -> str | None:
        """The hash of the request that made the job, where it came with one."""
        fingerprint: str | None = (await self._row(job_id)).fingerprint
        return fingerprint

    async def of_session(self, session_id: str, *, limit: int = 20) -> list[Job]:
        """The newest jobs of a session, newest first."""
        query = JobRow.filter(session_id=session_id)
        return [job_of(row) for row in await query.order_by("-created_at", "-id").limit(limit)]

    async def open_of(self, session_id: str) -> list[str]:
        """Ids of a session's jobs that have not ended."""
        rows = await JobRow.filter(session_id=session_id, status__in=_OPEN)
        return [row.id for row in rows]

    async def artifact(self, job_id: str) -> Artifact | None:
        """The rendered file of a job that is not stored yet, as it was when the rendering ended."""
        row = await self._row(job_id)
        return load(Artifact, row.artifact) if row.artifact is not None else None

    async def scope(self, job_id: str) -> str:
        """Whose processes run this job and carry out what it says."""
        scope: str = (await self._row(job_id)).scope
        return scope

    async def by_status(self) -> dict[Status, int]:
        """How many jobs there are in each status."""
        rows = await JobRow.annotate(jobs=Count("status")).group_by("status").values("status", "jobs")
        return dict.fromkeys(Status, 0) | {Status(row["status"]): row["jobs"] for row in rows}

    async def left_over(self, scope_prefix: str, *, older_than: timedelta) -> list[Job]:
        """Unfinished jobs of scopes that nobody will work for again: nothing touched them for so long."""
        before = self._database.clock() - older_than
        rows = await JobRow.filter(
            Q(lease_until__isnull=True) | Q(lease_until__lte=before),
            scope__startswith=scope_prefix,
            status__in=_OPEN,
            updated_at__lte=before,
        ).limit(100)
        return [job_of(row) for row in rows]

    async def delete_ended(self, *, older_than: timedelta) -> int:
        """Delete some of the jobs that ended so long ago, with all that belongs to them; how many.

        A job whose file is still stored stays until the file is gone.
        """
        stored = VideoRow.filter(deleted_at__isnull=True).values("job_id")
        ended = [status.value for status in Status if status.final]
        rows = JobRow.filter(status__in=ended, updated_at__lte=self._database.clock() - older_than)
        return await delete_some(self._database, rows.exclude(id__in=Subquery(stored)))

    # ---------------------------------------------------------------------------------------------- writes

    async def advance(
        self, job: Job, after: Status, checkpoint: Checkpoint = NOTHING, *, spent: float = 0.0
    ) -> Job:
        """Move ``job`` to another status, as one compare-and-set write.

        ``spent`` seconds of processing are added. Reaching ``ready``, an end or the queue again gives the
        claim back. Raises
        :class:`~botcore.errors.IllegalMove` or :class:`Superseded`; then nothing was written.
        """
        check_move(job.status, after)
        ended = after.final or after in {Status.READY, Status.QUEUED}

        async def move() -> Job:
            moved = await self._write(job, checkpoint, spent, status=after, release=ended)
            await record_move(job.id, Move(moved.version, after, moved.generations, moved.updated_at))
            return moved

        return await self._database.transaction(move)

    async def note(self, job: Job, checkpoint: Checkpoint, *, spent: float = 0.0) -> Job:
        """Write ``checkpoint`` without changing the status; as strict as :meth:`advance`."""
        return await self._write(job, checkpoint, spent, status=job.status, release=False)

    async def rest(self, job: Job, until: datetime) -> Job:
        """Give a claim back; the job may be claimed again, at the same status, after ``until``. As strict as
        :meth:`advance`."""
        return await self._write(job, Checkpoint(not_before=until), 0.0, status=job.status, release=True)

    async def _write(
        self, job: Job, checkpoint: Checkpoint, spent: float, *, status: Status, release: bool
    ) -> Job:
        freed = {"owner": None, "lease_until": None} if release else {}
        written = await JobRow.filter(id=job.id, version=job.version).update(
            status=status.value,
            version=F("version") + 1,
            updated_at=self._database.clock(),
            processing_s=F("processing_s") + spent,
            **freed,
            **checkpoint.columns(),
        )
        if not written:
            raise Superseded(f"job {job.id} is no longer at version {job.version}")
        self.ring()
        return await self.get(job.id)

    async def spend(self, job_id: str, seconds: float) -> None:
        """Add processing time while a stage is still running, so that a crash does not forget it."""
        await JobRow.filter(id=job_id).update(processing_s=F("processing_s") + seconds)

    async def _row(self, job_id: str) -> JobRow:
        row = await JobRow.get_or_none(id=job_id)
        if row is None:
            raise NotFound("job")
        return row

    def ring(self) -> None:
        """A job changed, and may have become claimable: tell, once that can be seen."""
        self._database.after_commit(self.bell.ring)
        self._database.after_commit(self.changed.ring)


_OPEN = [status.value for status in (*UNFINISHED, Status.READY)]
_WAITING = frozenset({Status.QUEUED.value, Status.UPLOADING.value})
"""Where a pause is because somebody does not answer, and not because a worker broke."""


def job_of(row: JobRow) -> Job:
    """The snapshot of a row."""
    return Job(
        id=row.id,
        session_id=row.session_id,
        kind=JobKind(row.kind),
        platform=row.platform,
        chat_id=row.chat_id,
        renderer=row.renderer,
        options=load(RenderOptions, row.options),
        status=Status(row.status),
        version=row.version,
        text=row.text,
        user_language=row.user_language,
        created_at=row.created_at,
        updated_at=row.updated_at,
        provider=row.provider,
        priority=row.priority,
        source=load(Source, row.source) if row.source is not None else None,
        generations=row.generations,
        processing_s=row.processing_s,
        lost_workers=row.lost_workers,
        failure=load(Failure, row.failure) if row.failure is not None else None,
        parent_id=row.parent_id,
        wish=row.wish,
        video_id=row.video_id,
        offered_at=row.offered_at,
        waits_until=row.not_before if row.status in _WAITING else None,
    )
