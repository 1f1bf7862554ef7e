"""Forgets a person."""

from __future__ import annotations

from tortoise.expressions import Subquery

from botcore.errors import Superseded
from botcore.state.accounts import AccountRepository
from botcore.state.database import Database
from botcore.state.identities import Identity
from botcore.state.links import forget_links
from botcore.state.models import AttemptRow, IdentityRow, InboxRow, JobRow, OutboxRow, SessionRow, VideoRow
from botcore.state.pictures import forget_pictures
from botcore.state.records import InboxStatus, OutboxStatus, load_message


async def forget(database: Database, accounts: AccountRepository, session_id: str) -> None:
    """Erase what a person wrote and what names them; their jobs must have ended before.

    What they used today still counts should they come back: see :mod:`botcore.state.accounts`.

    The empty rows go with the session once the reaper has deleted its files. Messages keep their key, so that
    one which the platform repeats is not answered again.

    :raises Superseded: there is no such session any more.
    """
    await database.transaction(lambda: _erase(database, accounts, session_id))
    await database.scrub()


async def _erase(database: Database, accounts: AccountRepository, session_id: str) -> None:
    # What this person submits at this moment waits, and finds no session then.
    if await SessionRow.filter(id=session_id).select_for_update().first() is None:
        raise Superseded("the session is gone, or went to another one, which is the one to forget")
    people = [Identity(row.platform, row.user_id) for row in await IdentityRow.filter(session_id=session_id)]
    account = await accounts.of_session(session_id)
    for identity in people:
        await accounts.keep(identity, account)
        await _erase_messages(identity)
    for platform, chat_id in {
        (row.platform, row.chat_id) for row in await JobRow.filter(session_id=session_id)
    }:
        await _erase_answers(platform, chat_id)
    jobs = Subquery(JobRow.filter(session_id=session_id).values("id"))
    await OutboxRow.filter(job_id__in=jobs).delete()
    await AttemptRow.filter(job_id__in=jobs).delete()
    await JobRow.filter(session_id=session_id).update(
        text="",
        chat_id="",
        wish=None,
        source=None,
        artifact=None,
        failure=None,
        submission_key=None,
        fingerprint=None,
    )
    # Nobody may go on looking at them, and the reaper takes them.
    await VideoRow.filter(job_id__in=jobs, ended_at__isnull=True).update(ended_at=database.clock())
    await IdentityRow.filter(session_id=session_id).delete()
    await SessionRow.filter(id=session_id).update(
        expires_at=database.clock(), account=session_id, language="", provider=None
    )


async def forget_messages(database: Database, identity: Identity) -> bool:
    """Erase what somebody wrote who has no session, and what was answered; whether there was anything."""
    found = await database.transaction(lambda: _erase_messages(identity))
    await database.scrub()
    return found


async def _erase_messages(identity: Identity) -> bool:
    await forget_links(identity)
    await forget_pictures(identity)
    settled = InboxRow.filter(sender=identity.key).exclude(status=InboxStatus.NEW.value)
    chats = {load_message(row.message).chat_id for row in await settled}
    for chat_id in chats:
        await _erase_answers(identity.platform, chat_id)
    return bool(await settled.update(sender="", chat="", message="{}"))


async def _erase_answers(platform: str, chat_id: str) -> None:
    """Those to others in the same chat are spared only while they wait to be sent."""
    settled = OutboxRow.filter(platform=platform, chat_id=chat_id, job_id__isnull=True).exclude(
        status=OutboxStatus.PENDING.value
    )
    await settled.delete()
