"""Random sends, crashes, receipts and closed conversations against what the person must see.

The platform of this model takes a message or does not, answers or does not, and reports every message that it
took within the time that the outbox waits for it: at once or late, once or twice, or as failed. Processes die
in the middle of a send. Whatever happens, a message that stands is one message, in its place.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from botcore.errors import (
    ConversationClosed,
    DeliveryError,
    DeliveryRejected,
    DeliveryUnavailable,
    DeliveryUncertain,
)
from botcore.model import (
    Capabilities,
    Message,
    Outgoing,
    OutgoingKind,
    Receipt,
    ReceiptKind,
    Sent,
)
from botcore.state import NewOutgoing, OutboxStatus, Payload
from botcore.state.models import OutboxRow
from tests.core.runtime.world import Script, ScriptedAdapter, World, open_world
from tests.core.state.ground import SettableClock

T = TypeVar("T")
CHATS = ("ada", "bob")
FAILURES = {
    "busy": DeliveryUnavailable("busy"),
    "closed": ConversationClosed("late"),
    "broken": DeliveryRejected("broken"),
}


class Killed(BaseException):
    """The process dies here: nothing after this line happens."""


class Fate(Enum):
    """What becomes of one request."""

    ANSWERED = auto()
    TAKEN_THEN_KILLED = auto()
    KILLED_BEFORE = auto()
    TAKEN_THEN_UNCERTAIN = auto()
    TAKEN_THEN_BROKEN = auto()
    UNCERTAIN = auto()
    BUSY = auto()
    REFUSED = auto()


@dataclass
class Taken:
    """A message in the platform's hands."""

    message_id: str
    out: Outgoing
    told: bool = False
    """Whether the platform has said that it has it, or that it failed."""
    failed: bool = False

    @property
    def row(self) -> int:
        return int(self.out.id)


@dataclass
class Platform(ScriptedAdapter):
    """Takes messages as the next of ``fates`` says, the usual one when there is none. ``before`` is called
    once a message is taken and before the answer goes out."""

    fates: list[Fate] = field(default_factory=list)
    open: set[str] = field(default_factory=lambda: set(CHATS))
    taken: list[Taken] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)

    async def send(self, out: Outgoing) -> Sent:
        fate = self.fates.pop(0) if self.fates else Fate.ANSWERED
        if fate is Fate.KILLED_BEFORE:
            raise Killed
        if fate is Fate.UNCERTAIN:
            raise DeliveryUncertain("no answer")
        if fate is Fate.BUSY:
            raise DeliveryUnavailable("busy", retry_after=3)
        if out.chat_id not in self.open:
            raise ConversationClosed("a day has passed")
        if fate is Fate.REFUSED:
            self.refused.add(int(out.id))
            raise DeliveryRejected("no")
        message = Taken(f"m{len(self.taken)}", out)
        self.taken.append(message)
        if self.before is not None:
            await self.before(out)
        if fate is Fate.TAKEN_THEN_KILLED:
            raise Killed
        if fate is Fate.TAKEN_THEN_UNCERTAIN:
            raise DeliveryUncertain("connection lost")
        if fate is Fate.TAKEN_THEN_BROKEN:
            raise ZeroDivisionError
        return Sent((message.message_id,))


class Outbox(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = SettableClock()
        self.folder = Path(tempfile.mkdtemp())
        self.stack = AsyncExitStack()
        self.platform = Platform()
        self.rows = self.heard = 0
        self.waited = 0.0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def open(self) -> None:
        script = Script(capabilities=Capabilities(receipts=True, text_limit=10))
        opened = open_world(self.folder, script, adapter=self.platform, clock=self.clock)
        self.world: World = self.run(self.stack.enter_async_context(opened))

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self.settle()
        finally:
            self.run(self.stack.aclose())
            self.loop.close()
            shutil.rmtree(self.folder)

    # ------------------------------------------------------------------------------------------------ steps

    @rule(chat=st.sampled_from(CHATS), long=st.booleans(), fate=st.sampled_from([None, *Fate]))
    def say(self, chat: str, long: bool, fate: Fate | None) -> None:
        """A message, which waits or has its first send now and another one soon."""
        self.rows += 1
        words = "aaaa bbbb cccc dddd" if long else "aaaa"
        new = NewOutgoing(f"row{self.rows}", "test", chat, Payload(OutgoingKind.TEXT, words))
        self.run(self.world.state.outbox.enqueue(new))
        if fate is not None:
            self.carry([fate], 5.0)

    @rule(
        fates=st.lists(st.sampled_from(list(Fate)), min_size=1, max_size=3),
        later=st.sampled_from([0.0, 5.0, 31.0]),
    )
    def carry(self, fates: list[Fate], later: float) -> None:
        """Send what is due, and ``later`` seconds later look again, as a process that was started anew."""
        self.platform.fates = fates
        self.run(self._carry())
        if later:
            self.wait(later)
            self.run(self._carry())

    async def _carry(self) -> None:
        await self.world.outbox.start_due()
        await self.world.outbox.finish()

    @rule(
        place=st.integers(0, 50),
        kind=st.sampled_from([ReceiptKind.SENT, ReceiptKind.DELIVERED, ReceiptKind.READ]),
        named=st.booleans(),
    )
    def report(self, place: int, kind: ReceiptKind, named: bool) -> None:
        """Whatever was reported before comes again, too."""
        if self.platform.taken:
            message = self.platform.taken[place % len(self.platform.taken)]
            if not message.failed:
                self._report(message, kind, tracked=named or not message.told)

    @rule(place=st.integers(0, 50), why=st.sampled_from(sorted(FAILURES)), twice=st.booleans())
    def fail(self, place: int, why: str, twice: bool) -> None:
        """The platform took a message, and could not bring it to the person."""
        waiting = [message for message in self.platform.taken if not message.told]
        if waiting:
            message = waiting[place % len(waiting)]
            message.failed = True
            if why == "broken":
                self.platform.refused.add(message.row)
            for _ in range(1 + twice):
                self._report(message, ReceiptKind.FAILED, error=FAILURES[why])

    @rule(text=st.text(max_size=30), message_id=st.text(max_size=30), kind=st.sampled_from(ReceiptKind))
    def strange_receipt(self, text: str, message_id: str, kind: ReceiptKind) -> None:
        for tracker in (text, "1.0.0.00000000", "99999999.0.0.00000000"):
            receipt = Receipt("test", f"strange{message_id}", kind, tracker)
            assert not self.run(self.world.state.receipts.take(receipt))

    @rule(chat=st.sampled_from(CHATS))
    def close(self, chat: str) -> None:
        self.platform.open.discard(chat)

    @rule(chat=st.sampled_from(CHATS))
    def hear(self, chat: str) -> None:
        """The person writes."""
        self.heard += 1
        self.platform.open.add(chat)
        message = Message("test", chat, chat, f"in{self.heard}", "hello")
        self.run(self.world.state.inbox.receive(message, "serve"))
        self.run(self.world.state.outbox.release_held("test", chat, "serve"))

    @rule(seconds=st.sampled_from([1.0, 5.0, 31.0, 100.0, 400.0]))
    def wait(self, seconds: float) -> None:
        self.waited += seconds
        if self.waited > 50:
            self._report_all()
        self.clock.tick(seconds)

    def _report_all(self) -> None:
        """What the platform reports it reports within a minute."""
        self.waited = 0.0
        for message in self.platform.taken:
            if not message.told:
                self._report(message, ReceiptKind.SENT)

    def _report(
        self,
        message: Taken,
        kind: ReceiptKind,
        *,
        error: DeliveryError | None = None,
        tracked: bool = True,
    ) -> None:
        message.told = True
        receipt = Receipt("test", message.message_id, kind, message.out.tracker if tracked else "", error)
        self.run(self.world.state.receipts.take(receipt))

    # --------------------------------------------------------------------------------------- what must hold

    def standing(self) -> list[Taken]:
        """What the person has, in the order of its arrival."""
        return [message for message in self.platform.taken if not message.failed]

    @invariant()
    def no_part_stands_twice(self) -> None:
        parts = [message.out.tracker for message in self.standing()]
        assert len(parts) == len(set(parts))

    @invariant()
    def each_chat_is_in_order(self) -> None:
        late = {message.row for message in self.platform.taken if message.failed}
        for chat in CHATS:
            rows = [
                message.row
                for message in self.standing()
                if message.out.chat_id == chat and message.row not in late
            ]
            assert rows == sorted(rows)

    def settle(self) -> None:
        """The platform works, everybody writes, and time passes: then everything has arrived."""
        for _ in range(8):
            for chat in CHATS:
                self.hear(chat)
            self._report_all()
            taken = -1
            while taken < len(self.platform.taken):
                taken = len(self.platform.taken)
                self.run(self._carry())
            self.clock.tick(400)
        self._report_all()
        for row in self.run(_rows()):
            texts = [message.out.text for message in self.standing() if message.row == row.id]
            if row.status == OutboxStatus.DEAD.value:
                assert row.id in self.platform.refused, row.reason
            else:
                assert row.status == OutboxStatus.SENT.value
                words = "aaaa bbbb cccc dddd" if len(texts) > 1 else "aaaa"
                assert "".join(sorted(texts)) == words
        self.no_part_stands_twice()
        self.each_chat_is_in_order()


async def _rows() -> list[OutboxRow]:
    return await OutboxRow.all()


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=30,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make a failure shorter takes minutes
)
