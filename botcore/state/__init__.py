"""What survives a crash: sessions, jobs, attempts, inbox, outbox, videos, how providers fare and
what they cost, each behind a repository."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from botcore.state.access import AccessRepository, hash_secret
from botcore.state.accounts import AccountRepository
from botcore.state.attempts import AttemptRepository
from botcore.state.bell import Bell
from botcore.state.budgets import Budget, BudgetRepository, Ceiling
from botcore.state.claims import ClaimRepository
from botcore.state.database import POOL, Clock, Database, DatabaseFailed, open_database, utc_now
from botcore.state.forgetting import forget, forget_messages
from botcore.state.identities import Identity
from botcore.state.inbox import InboxRepository, dedupe_key, inbox_key
from botcore.state.jobs import JobRepository
from botcore.state.lanes import HANDING_OVER, MAKING, Lane
from botcore.state.limits import UNFINISHED
from botcore.state.links import Link, LinkRepository, LinkState, Party, read_code, show_code
from botcore.state.moves import Move, MoveView
from botcore.state.outages import DatabaseAway
from botcore.state.outbox import OutboxRepository, link_key, status_key, video_key
from botcore.state.pages import Bookmark, JobPages
from botcore.state.pictures import Picture, PictureRepository, PictureStatus
from botcore.state.providers import Call, Circuit, LastError, ProviderRecord, ProviderRepository
from botcore.state.queue import QueueView
from botcore.state.receipts import ReceiptRepository
from botcore.state.records import (
    Attempt,
    Checkpoint,
    InboxItem,
    InboxStatus,
    Limits,
    NewJob,
    NewOutgoing,
    OutboxItem,
    OutboxStatus,
    Payload,
    Video,
)
from botcore.state.schedule import pause
from botcore.state.sends import SendRepository
from botcore.state.sessions import SessionRepository
from botcore.state.sqlite import sqlite_url
from botcore.state.stuck import DeadLetter, ParkedMessage, StuckRepository
from botcore.state.tokens import TOKEN, NewToken, Scope, Standing, Token, TokenRepository
from botcore.state.tracking import tracker
from botcore.state.videos import VideoRepository

__all__ = [
    "HANDING_OVER",
    "MAKING",
    "TOKEN",
    "UNFINISHED",
    "AccessRepository",
    "AccountRepository",
    "Attempt",
    "AttemptRepository",
    "Bell",
    "Bookmark",
    "Budget",
    "BudgetRepository",
    "Call",
    "Ceiling",
    "Checkpoint",
    "Circuit",
    "ClaimRepository",
    "Clock",
    "Database",
    "DatabaseAway",
    "DatabaseFailed",
    "DeadLetter",
    "Identity",
    "InboxItem",
    "InboxRepository",
    "InboxStatus",
    "JobPages",
    "JobRepository",
    "Lane",
    "LastError",
    "Limits",
    "Link",
    "LinkRepository",
    "LinkState",
    "Move",
    "MoveView",
    "NewJob",
    "NewOutgoing",
    "NewToken",
    "OutboxItem",
    "OutboxRepository",
    "OutboxStatus",
    "ParkedMessage",
    "Party",
    "Payload",
    "Picture",
    "PictureRepository",
    "PictureStatus",
    "ProviderRecord",
    "ProviderRepository",
    "QueueView",
    "ReceiptRepository",
    "Scope",
    "SendRepository",
    "SessionRepository",
    "Standing",
    "State",
    "StuckRepository",
    "Token",
    "TokenRepository",
    "Video",
    "VideoRepository",
    "dedupe_key",
    "hash_secret",
    "inbox_key",
    "link_key",
    "open_state",
    "pause",
    "read_code",
    "show_code",
    "sqlite_url",
    "status_key",
    "tracker",
    "utc_now",
    "video_key",
]


@dataclass(frozen=True, slots=True)
class State:
    """One open database and its repositories."""

    db: Database
    accounts: AccountRepository
    sessions: SessionRepository
    tokens: TokenRepository
    links: LinkRepository
    jobs: JobRepository
    claims: ClaimRepository
    moves: MoveView
    pages: JobPages
    attempts: AttemptRepository
    inbox: InboxRepository
    outbox: OutboxRepository
    sends: SendRepository
    receipts: ReceiptRepository
    queue: QueueView
    pictures: PictureRepository
    videos: VideoRepository
    access: AccessRepository
    providers: ProviderRepository
    budgets: BudgetRepository
    stuck: StuckRepository

    async def forget(self, session_id: str) -> None:
        """Erase a person: see :func:`botcore.state.forgetting.forget`."""
        await forget(self.db, self.accounts, session_id)

    async def forget_messages(self, identity: Identity) -> bool:
        """Erase what somebody without a session wrote: see
        :func:`botcore.state.forgetting.forget_messages`."""
        return await forget_messages(self.db, identity)


@asynccontextmanager
async def open_state(
    url: str,
    *,
    clock: Clock = utc_now,
    session_lifetime: timedelta = timedelta(days=7),
    video_lifetime: timedelta = timedelta(hours=24),
    pool: int = POOL,
) -> AsyncIterator[State]:
    """Open the database of ``url``, bring its tables up to date, and close it at the end.

    One at a time in a process. For a file use :func:`sqlite_url`.

    :param pool: so many connections at most, where the database is PostgreSQL.
    :raises EnvironmentFault: it cannot be opened, or another version of botcore made it.
    """
    async with open_database(url, clock=clock, pool=pool) as database:
        accounts = AccountRepository(database)
        sessions = SessionRepository(database, accounts, lifetime=session_lifetime)
        inbox, outbox = InboxRepository(database), OutboxRepository(database)
        receipts = ReceiptRepository(database, outbox)
        jobs = JobRepository(database, sessions, outbox)
        state = State(
            db=database,
            accounts=accounts,
            sessions=sessions,
            tokens=TokenRepository(database, sessions),
            links=LinkRepository(database),
            jobs=jobs,
            claims=ClaimRepository(database, jobs),
            moves=MoveView(),
            pages=JobPages(),
            attempts=AttemptRepository(database),
            inbox=inbox,
            outbox=outbox,
            sends=SendRepository(database, outbox, receipts),
            receipts=receipts,
            queue=QueueView(database),
            pictures=PictureRepository(database, outbox),
            videos=VideoRepository(database, lifetime=video_lifetime),
            access=AccessRepository(database),
            providers=ProviderRepository(database),
            budgets=BudgetRepository(database),
            stuck=StuckRepository(database, inbox, outbox),
        )
        bells = {
            "inbox": inbox.bell,
            "outbox": outbox.bell,
            "settled": outbox.settled,
            "jobs": jobs.bell,
            "changed": jobs.changed,
            "pictures": state.pictures.bell,
        }
        async with database.shared(bells):
            yield state
