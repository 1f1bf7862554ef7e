"""From an inbox row to a job or an answer.

An adapter hands its messages to :meth:`Intake.receive`, which commits a row and returns: from then on the
message cannot be lost, and the same message coming twice is one row. :meth:`Intake.run` works the rows off.
A process that dies between row and answer leaves the row; whoever claims it next makes the same job again
(it has the row's key), and the same answer (so has the outbox row). A row that fails again and again is
parked, where the operator sees it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import AbstractAsyncContextManager
from functools import lru_cache

from prometheus_client import Counter

from botcore.errors import BotcoreError, Handling
from botcore.intake.answering import Answering
from botcore.intake.commands import Answer
from botcore.intake.joining import Joined, Joiner
from botcore.model import Message, OutgoingKind, Receipt
from botcore.state import InboxItem, NewOutgoing, Payload, State
from botcore.telemetry import get_logger, keep_on, log_context, metrics, repeating

SIDE_BY_SIDE = 4
"""Messages handled at once: a slow hook of one chat does not hold up the others."""
LOOK_AGAIN = 5.0
"""Seconds after which the inbox is looked at though nobody rang: rows of a process that died."""
LEASE = 30.0
"""Seconds that a claim lasts without being renewed."""
TRIES = 3
RETRY_SECONDS = 2.0
_SOON = 0.01
"""Seconds; a row that is due now and was not claimed is held by somebody else."""

log = get_logger(__name__)


class Intake:
    """Works the inbox of one scope off; ``platforms`` are those whose adapters run here."""

    def __init__(
        self,
        state: State,
        joiner: Joiner,
        answering: Answering,
        *,
        platforms: Collection[str],
        scope: str,
        lease: float = LEASE,
    ) -> None:
        self._state = state
        self._joiner = joiner
        self._answering = answering
        self._platforms = platforms
        self._scope = scope
        self._lease = lease

    async def receive(self, message: Message | Receipt) -> None:
        """Take a message in; it is safe once this returns. One that was seen before is dropped.

        A receipt is no message of a person: it goes to the outbox.

        :raises TypeError: an adapter hands in what could be written, and never be read again.
        :raises ValueError: an adapter names a platform on which nobody would answer.
        """
        if isinstance(message, Receipt):
            await self._state.receipts.take(message)
            return
        _check(message)
        if message.platform not in self._platforms:
            known = ", ".join(sorted(self._platforms)) or "none"
            raise ValueError(f"a message names the platform {message.platform!r}; here there is {known}")
        new = await self._state.inbox.receive(message, self._scope)
        _received(message.platform, "new" if new else "repeated").inc()
        if not new:
            log.info("message_seen_before", platform=message.platform)

    async def run(self) -> None:
        """Handle messages until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(SIDE_BY_SIDE):
                group.create_task(keep_on(self._next, pause=RETRY_SECONDS, name="inbox"))

    async def handle(self, item: InboxItem) -> None:
        """Answer one claimed message, or make its job. Whatever goes wrong becomes one sentence."""
        with log_context(message=item.key):
            try:
                async with self._kept(item):
                    await self._handle(item)
            except Exception:
                # Not even a sentence can be sent: no row keeps such names. It must not come back for ever.
                log.exception("message_unanswerable", tries=item.tries)
                pause = RETRY_SECONDS if item.tries < TRIES else None
                await self._state.inbox.failed(item, BotcoreError.code, retry_in=pause)

    def _kept(self, item: InboxItem) -> AbstractAsyncContextManager[None]:
        """Keep a claim for as long as its answer takes, so that nobody else answers, too."""
        return repeating(
            lambda: self._state.inbox.renew(item, lease=self._lease),
            every=self._lease / 3,
            name="inbox_renewal",
        )

    async def _handle(self, item: InboxItem) -> None:
        joined = await self._joiner.join(item)
        if joined is None:
            return
        message = joined.message
        # Whoever writes opens the conversation for what waits to be sent.
        await self._state.outbox.release_held(message.platform, message.chat_id, self._scope)
        if item.tries > TRIES:
            # Nobody wrote down how the earlier tries ended: this message takes its process down.
            log.error("message_given_up", tries=item.tries)
            await self._park(item, joined)
        elif item.tries > 1 and (said := await self._state.outbox.get(_reply_key(item))) is not None:
            # It was answered, and the process ended before that was noted.
            await self._state.inbox.done(item, *joined.also, forgotten=said.payload.parting)
        else:
            await self._answer(item, joined)

    async def _answer(self, item: InboxItem, joined: Joined) -> None:
        try:
            answer = await self._answering.answer(joined.message, item.key)
        except BotcoreError as error:
            if error.handling is Handling.RETRY and item.tries < TRIES:
                log.info("message_waits", code=error.code, detail=error.detail)
                pause = RETRY_SECONDS if error.retry_after is None else error.retry_after
                await self._state.inbox.failed(item, error.code, retry_in=pause)
                return
            log.info("message_refused", code=error.code)
            answer = await self._answering.refuse(joined.message, error)
        except Exception:
            log.exception("message_failed", tries=item.tries)
            if item.tries < TRIES:
                await self._state.inbox.failed(item, BotcoreError.code, retry_in=RETRY_SECONDS)
            else:
                await self._park(item, joined)
            return
        if answer is not None:
            await self._reply(item, joined.message, answer)
        forgotten = answer is not None and answer.parting
        await self._state.inbox.done(item, *joined.also, forgotten=forgotten)

    async def _next(self) -> None:
        """Handle one message, or wait until there may be one."""
        inbox = self._state.inbox
        heard = inbox.bell.rings
        item = await inbox.claim(self._scope, lease=self._lease)
        if item is not None:
            await self.handle(item)
            return
        due = await inbox.next_due(self._scope)
        wait = LOOK_AGAIN if due is None else (due - self._state.db.clock()).total_seconds()
        await inbox.bell.wait(heard, timeout=min(LOOK_AGAIN, max(_SOON, wait)))

    async def _park(self, item: InboxItem, joined: Joined) -> None:
        """Give a message up: the person gets one sentence, the operator sees the row."""
        answer = await self._answering.refuse(joined.message, BotcoreError())
        await self._reply(item, joined.message, answer)
        await self._state.inbox.failed(item, BotcoreError.code, *joined.also, retry_in=None)

    async def _reply(self, item: InboxItem, message: Message, answer: Answer) -> None:
        await self._state.outbox.enqueue(
            NewOutgoing(
                dedupe=answer.once or _reply_key(item),
                platform=message.platform,
                chat_id=message.chat_id,
                payload=Payload(
                    kind=OutgoingKind.TEXT,
                    text=answer.text,
                    buttons=answer.buttons,
                    reply_to=message.message_id,
                    language=await self._answering.language(message),
                    parting=answer.parting,
                ),
                scope=self._scope,
            )
        )


def _reply_key(item: InboxItem) -> str:
    return f"reply:{item.key}"


@lru_cache(maxsize=64)
def _received(platform: str, what: str) -> Counter:
    """The counter of these labels; looked up once, because there are few of them and many messages."""
    return metrics.messages.labels(platform, what)


def _check(message: Message) -> None:
    for name in ("platform", "chat_id", "user_id", "message_id", "text"):
        value: object = getattr(message, name)
        if not isinstance(value, str):
            raise TypeError(f"the {name} of a message is text, and not a {type(value).__name__}")
