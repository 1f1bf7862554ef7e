"""What platforms say later about the messages that they were given.

A receipt may come before the answer to the request that it is about, twice, in any order, years late, or for
a message that was never ours. Each is taken once; none is an error.
"""

from __future__ import annotations

import json
from datetime import timedelta

from botcore.errors import BotcoreError, ConversationClosed, DeliveryRejected, Handling, error_classes
from botcore.model import Receipt, ReceiptKind
from botcore.state.database import Database
from botcore.state.models import NAME, OutboxRow, SentMessageRow
from botcore.state.outbox import OutboxRepository, chat_lock, heard_since
from botcore.state.records import OutboxItem, OutboxStatus, dump
from botcore.state.schedule import pause
from botcore.state.tracking import Tracked, belongs, message_key, read_tracker
from botcore.telemetry import get_logger

_log = get_logger(__name__)

_RANKS = {kind.value: rank for rank, kind in enumerate(ReceiptKind, start=1)}
"""A receipt counts when it says more than the one before."""
_FAILED = ReceiptKind.FAILED.value
_GOOD = frozenset(_RANKS) - {_FAILED}
_HAS_IT = frozenset({ReceiptKind.DELIVERED.value, ReceiptKind.READ.value})


class ReceiptRepository:
    """Matches receipts with the messages that were sent, and draws the conclusions for their rows."""

    def __init__(self, database: Database, outbox: OutboxRepository) -> None:
        self._database = database
        self._outbox = outbox

    async def take(self, receipt: Receipt) -> bool:
        """Take a receipt in; False when it says nothing new, or nothing about a message of ours."""
        return await self._database.transaction(lambda: self._take(receipt))

    async def confirmed(self, item: OutboxItem) -> bool:
        """Whether the platform has said of every message of this row that it has it."""
        messages = await SentMessageRow.filter(outgoing_id=item.id, revision=item.revision)
        return bool(messages) and all(message.receipt in _GOOD for message in messages)

    async def failed_parts(self, item: OutboxItem) -> frozenset[int]:
        """The parts of this revision that were sent, have failed since, and were not sent again."""
        messages = SentMessageRow.filter(outgoing_id=item.id, revision=item.revision)
        failed = {message.part for message in await messages.filter(receipt=_FAILED)}
        if not failed:
            return frozenset()
        whole = {message.part for message in await messages if message.receipt != _FAILED}
        return frozenset(failed - whole)

    async def _take(self, receipt: Receipt) -> bool:
        found = await self._message(receipt)
        if found is None:
            return False
        # The row is locked by whoever sends it and by receipts alike: each sees what the other one wrote.
        row = await OutboxRow.filter(id=found.outgoing_id).select_for_update().first()
        message = await SentMessageRow.get_or_none(id=found.id)
        if row is None or message is None:
            return False  # its person was forgotten just now
        if _RANKS[receipt.kind.value] <= _RANKS.get(message.receipt or "", 0):
            return False
        if receipt.kind is ReceiptKind.FAILED and message.receipt in _HAS_IT:
            return False  # nothing fails that the person has
        message.receipt = receipt.kind.value
        if receipt.kind is ReceiptKind.FAILED:
            error = receipt.error or DeliveryRejected("the platform gave no reason")
            message.code, message.detail = error.code[:NAME], error.detail
        await message.save(update_fields=["receipt", "code", "detail"])
        # Who is just sending the row learns of it when the row is settled.
        open_ = row.status in (OutboxStatus.PENDING.value, OutboxStatus.SENT.value) and not self._claimed(row)
        if receipt.kind is ReceiptKind.FAILED and open_:
            await self.settle_failures(row.id)
        self._database.after_commit(self._outbox.settled.ring)
        return True

    async def _message(self, receipt: Receipt) -> SentMessageRow | None:
        """The message that a receipt is about. One that only its tracker names was sent by a request whose
        answer nobody has read yet: now it is known to be with the platform."""
        key = message_key(receipt.message_id)
        known = await SentMessageRow.filter(platform=receipt.platform, message_id=key).first()
        tracked = read_tracker(receipt.tracker)
        if known is not None or tracked is None or not key:
            return known
        row = await OutboxRow.filter(id=tracked.row).select_for_update().first()
        if row is None or row.platform != receipt.platform or not belongs(tracked, row.dedupe):
            return None
        message = await SentMessageRow.create(
            outgoing_id=row.id,
            platform=row.platform,
            chat_id=row.chat_id,
            message_id=key,
            revision=tracked.revision,
            part=tracked.part,
        )
        await self._settle_part(row, receipt, tracked)
        return message

    async def _settle_part(self, row: OutboxRow, receipt: Receipt, tracked: Tracked) -> None:
        if row.status != OutboxStatus.PENDING.value:
            return
        changes: dict[str, object] = {"message_ids": dump([*json.loads(row.message_ids), receipt.message_id])}
        if row.revision == tracked.revision:
            changes["parts_sent"] = max(row.parts_sent, tracked.part + 1)
        if row.sending == receipt.tracker:
            changes["sending"] = None
            if not self._claimed(row):
                changes |= {"due": self._database.clock(), "owner": None, "lease_until": None}
        await OutboxRow.filter(id=row.id).update(**changes)
        self._database.after_commit(self._outbox.bell.ring)

    async def settle_failures(self, row_id: int) -> bool:
        """Send again, hold or give up a row some of whose messages have failed; False when none has.

        Called inside a transaction.
        """
        row = await OutboxRow.get(id=row_id)
        ids = json.loads(row.message_ids)
        failed = await SentMessageRow.filter(outgoing_id=row.id, receipt=_FAILED).order_by("id")
        # One that is not among the row's ids any more was dealt with before.
        keys = {message_key(name) for name in ids}
        lost = {message.message_id: message for message in failed if message.message_id in keys}
        if not lost:
            return False
        codes = {message.code or "" for message in lost.values()}
        reason = "; ".join(f"{message.code} {message.detail or ''}".rstrip() for message in lost.values())
        status, wait = await self._verdict(row, codes, len(failed))
        now = self._database.clock()
        changes: dict[str, object] = {"settled_at": now} if status is OutboxStatus.DEAD else {}
        if row.sending is None:  # else its due is the end of the wait for a receipt
            changes["due"] = now + timedelta(seconds=wait)
        await OutboxRow.filter(id=row.id).update(
            status=status.value,
            reason=reason,
            message_ids=dump([name for name in ids if message_key(name) not in lost]),
            owner=None,
            lease_until=None,
            **changes,
        )
        _log.info("send_failed_later", outgoing=str(row.id), status=status.value, reason=reason)
        self._database.after_commit(self._outbox.settled.ring)
        self._database.after_commit(self._outbox.bell.ring)
        return True

    async def _verdict(self, row: OutboxRow, codes: set[str], failures: int) -> tuple[OutboxStatus, float]:
        classes = {cls.code: cls for cls in error_classes()}
        wait = pause(failures, None)
        if wait is None:
            return OutboxStatus.DEAD, 0.0
        if ConversationClosed.code in codes:
            await self._database.lock(chat_lock(row.platform, row.chat_id))
            since = row.settled_at or row.created_at
            heard = await heard_since(row.platform, row.chat_id, since)
            return (OutboxStatus.PENDING if heard else OutboxStatus.HELD), 0.0
        handlings = {classes.get(code, BotcoreError).handling for code in codes}
        return (OutboxStatus.PENDING if handlings == {Handling.RETRY} else OutboxStatus.DEAD), wait

    def _claimed(self, row: OutboxRow) -> bool:
        return row.lease_until is not None and row.lease_until > self._database.clock()
