"""Under which name it is counted what somebody uses: submissions a minute, jobs on the way, money a day.

An account is

- the id of a person's session, also after linking and, until the day ends, after they were forgotten;
- ``token:<id>`` for a bearer token;
- ``address:<hash>`` for people who have nothing but a browser's cookie, which costs nothing to throw away:
  everybody behind one address is counted together.

Neither addresses nor the names of forgotten people are kept, only hashes under a key that is thrown away
after the day (UTC): from then on nobody can find out whose they were, us included.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from botcore.state.batches import delete_some
from botcore.state.budgets import day
from botcore.state.database import Database
from botcore.state.identities import Identity
from botcore.state.limits import use
from botcore.state.models import DayKeyRow, LeftoverRow, SessionRow, TallyRow

_ADDRESS = "address:"
_KEY_BYTES = 32


def shared(account: str) -> bool:
    """Whether an account may be that of several people."""
    return account.startswith(_ADDRESS)


class AccountRepository:
    """Finds and remembers accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys: dict[str, bytes] = {}

    async def of_session(self, session_id: str) -> str:
        """The account of a session; its id when it is gone already."""
        row = await SessionRow.get_or_none(id=session_id)
        return session_id if row is None else row.account

    async def of_address(self, address: str) -> str:
        """The account of everybody behind an address today."""
        return f"{_ADDRESS}{await self._hash(address)}"

    async def follow(self, session_id: str, account: str) -> None:
        """Count an anonymous session where its person is today; any other one stays as it is."""
        moved = SessionRow.filter(id=session_id, account__startswith=_ADDRESS).exclude(account=account)
        if await moved.exists():
            await moved.update(account=account)

    async def use(self, account: str) -> tuple[int, int]:
        """How many jobs an account submitted within the last minute, and how many are on the way."""
        return await use(account, self._database.clock())

    async def keep(self, identity: Identity, account: str) -> None:
        """Remember until the day ends where somebody is counted who is forgotten now."""
        if shared(account):
            return
        who = await self._hash(identity.key)
        today = day(self._database.clock())
        await LeftoverRow.filter(who=who).delete()
        await LeftoverRow.bulk_create(
            [LeftoverRow(who=who, day=today, account=account)], ignore_conflicts=True
        )

    async def kept(self, identity: Identity) -> str:
        """Where somebody is counted who was forgotten today; empty for everybody else."""
        if not await DayKeyRow.filter(day=day(self._database.clock())).exists():
            return ""
        row = await LeftoverRow.get_or_none(who=await self._hash(identity.key))
        return "" if row is None else row.account

    async def delete_old(self) -> int:
        """Throw away the keys of days that are over, and some of what was kept on them and of the tallies
        that lapsed; how much."""
        today = day(self._database.clock())
        self._keys = {name: key for name, key in self._keys.items() if name >= today}
        lapsed = TallyRow.filter(until__lte=self._database.clock())
        count = await delete_some(self._database, DayKeyRow.filter(day__lt=today))
        count += await delete_some(self._database, LeftoverRow.filter(day__lt=today))
        return count + await delete_some(self._database, lapsed)

    async def _hash(self, text: str) -> str:
        key = await self._key(day(self._database.clock()))
        return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    async def _key(self, today: str) -> bytes:
        """The key of a day; of two processes that make one, the first wins."""
        if today in self._keys:
            return self._keys[today]
        if not await DayKeyRow.filter(day=today).exists():
            fresh = DayKeyRow(day=today, key=secrets.token_hex(_KEY_BYTES))
            await DayKeyRow.bulk_create([fresh], ignore_conflicts=True)
        key = bytes.fromhex((await DayKeyRow.get(day=today)).key)
        # One that is rolled back must not be remembered.
        self._database.after_commit(lambda: self._keys.update({today: key}))
        return key
