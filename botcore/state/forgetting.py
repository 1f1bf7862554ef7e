"""Forgets a person."""

from __future__ import annotations

from dataclasses import replace

from botcore.state.database import Database
from botcore.state.identities import Identity
from botcore.state.links import forget_links
from botcore.state.models import AttemptRow, IdentityRow, InboxRow, JobRow, OutboxRow, SessionRow
from botcore.state.records import InboxStatus, OutboxStatus, dump, load_message


async def forget(database: Database, session_id: str) -> None:
    """Erase what a person wrote and what points to them; their jobs must have ended before.

    The empty rows go with the session once the reaper has deleted its files. Messages keep their key, so that
    one which the platform repeats is not answered again.
    """
    await database.transaction(lambda: _erase(database, session_id))


async def _erase(database: Database, session_id: str) -> None:
    people = {(row.platform, row.user_id) for row in await IdentityRow.filter(session_id=session_id).all()}
    chats = {(row.platform, row.chat_id) for row in await JobRow.filter(session_id=session_id)}
    for platform, user_id in people:
        await forget_links(Identity(platform, user_id))
        chats |= {(platform, chat_id) for chat_id in await _erase_messages(platform, user_id)}
    for platform, chat_id in chats:
        settled = OutboxRow.filter(platform=platform, chat_id=chat_id, job_id__isnull=True).exclude(
            status=OutboxStatus.PENDING.value
        )
        await settled.delete()
    await OutboxRow.filter(job__session_id=session_id).delete()
    await AttemptRow.filter(job__session_id=session_id).delete()
    await JobRow.filter(session_id=session_id).update(
        text="", wish=None, source=None, artifact=None, failure=None, submission_key=None
    )
    await IdentityRow.filter(session_id=session_id).delete()
    await SessionRow.filter(id=session_id).update(expires_at=database.clock(), language="", provider=None)


async def _erase_messages(platform: str, user_id: str) -> set[str]:
    """Blank what a person wrote; the ids of the chats where they did."""
    chats = set()
    settled = InboxRow.filter(message__contains=f'"user_id": {dump(user_id)}').exclude(
        status=InboxStatus.NEW.value
    )
    for row in await settled:
        message = load_message(row.message)
        if (message.platform, message.user_id) == (platform, user_id):
            chats.add(message.chat_id)
            blank = replace(message, text="", attachments=())
            await InboxRow.filter(key=row.key).update(message=dump(blank))
    return chats
