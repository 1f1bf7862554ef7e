"""Makes one session of two."""

from __future__ import annotations

from dataclasses import fields, replace

from botcore.errors import LinkOver, Superseded
from botcore.model import RenderOptions
from botcore.state.accounts import shared
from botcore.state.budgets import BudgetRepository
from botcore.state.database import Database
from botcore.state.identities import Identity
from botcore.state.limits import move
from botcore.state.models import IdentityRow, JobRow, SessionRow
from botcore.state.records import dump, load

MOVED = (IdentityRow, JobRow)
"""Every table whose rows belong to a session; what belongs to a job goes with it."""


async def merge(database: Database, first: Identity, second: Identity, *, defaults: RenderOptions) -> str:
    """Give the sessions of two identities to the older of them; its id.

    The older session's choices hold where something was chosen in it: a picture option that is still the
    default of ``defaults`` gives way. Jobs that are on the way go on. The lifetime is the longer one. What
    both used is counted together, without what was used by everybody behind an address.

    :raises LinkOver: one of them has no live session any more.
    :raises Superseded: one of them was moved at the same moment; nothing was written.
    """
    return await database.transaction(lambda: _merge(database, first, second, defaults))


async def _merge(database: Database, first: Identity, second: Identity, defaults: RenderOptions) -> str:
    found = await _sessions_of(first, second)
    now = database.clock()
    # In one order, so that two merges do not wait for each other; submissions of both people wait.
    locked = await SessionRow.filter(id__in=found, expires_at__gt=now).order_by("id").select_for_update()
    if await _sessions_of(first, second) != found:
        raise Superseded("an identity moved to another session")
    if len(locked) != len(set(found)):
        raise LinkOver
    older, *others = sorted(locked, key=lambda row: (row.created_at, row.id))
    own = [row.account for row in (older, *others) if not shared(row.account)]
    account = own[0] if own else older.account
    for another in own[1:]:
        await BudgetRepository(database).move(another, account)
        await move(another, account)
    for younger in others:
        for model in MOVED:
            await model.filter(session_id=younger.id).update(session_id=older.id)
        await SessionRow.filter(id=older.id).update(
            language=older.language or younger.language,
            provider=older.provider or younger.provider,
            options=dump(_chosen(older, younger, defaults)),
            account=account,
            expires_at=max(older.expires_at, younger.expires_at),
        )
        await SessionRow.filter(id=younger.id).delete()
    return older.id


async def _sessions_of(*identities: Identity) -> list[str]:
    found = []
    for identity in identities:
        row = await IdentityRow.get_or_none(platform=identity.platform, user_id=identity.user_id)
        if row is None:
            raise LinkOver
        found.append(row.session_id)
    return found


def _chosen(older: SessionRow, younger: SessionRow, defaults: RenderOptions) -> RenderOptions:
    options, others = load(RenderOptions, older.options), load(RenderOptions, younger.options)
    undecided = {
        field.name: getattr(others, field.name)
        for field in fields(RenderOptions)
        if getattr(options, field.name) == getattr(defaults, field.name)
    }
    return replace(options, **undecided)
