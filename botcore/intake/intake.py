"""From an inbox row to a job or an answer.

An adapter hands its messages to :meth:`Intake.receive`, which commits a row and returns: from then on the
message cannot be lost, and the same message coming twice is one row. :meth:`Intake.run` works the rows off.
A process that dies between row and answer leaves the row; whoever claims it next makes the same job again
(it has the row's key), and the same answer (so has the outbox row).
"""

from __future__ import annotations

import asyncio

from botcore.errors import AccessRefused, BotcoreError, Handling, error_text
from botcore.hooks.results import Reject, Replace, Reply
from botcore.hooks.runner import HookRunner
from botcore.intake.access import Access, refusal_key
from botcore.intake.attachments import Adapters, fetch_code
from botcore.intake.commands import Answer, Commands, Conversation, submit_message
from botcore.intake.routing import CommandCall, route
from botcore.intake.submission import Place, Submissions
from botcore.model import Message, OutgoingKind, Receipt, RenderOptions
from botcore.state import Identity, InboxItem, NewOutgoing, Payload, State
from botcore.telemetry import get_logger, keep_on, log_context, metrics

SIDE_BY_SIDE = 4
"""Messages handled at once: a slow hook of one chat does not hold up the others."""
LOOK_AGAIN = 5.0
"""Seconds after which the inbox is looked at though nobody rang: rows of a process that died."""
TRIES = 3
RETRY_SECONDS = 2.0

log = get_logger(__name__)


class Intake:
    """Works the inbox of one scope off.

    :param options: what a new session starts with.
    """

    def __init__(
        self,
        state: State,
        hooks: HookRunner,
        access: Access,
        submissions: Submissions,
        commands: Commands,
        adapters: Adapters,
        *,
        scope: str,
        options: RenderOptions,
    ) -> None:
        self._state = state
        self._hooks = hooks
        self._access = access
        self._submissions = submissions
        self._commands = commands
        self._adapters = adapters
        self._scope = scope
        self._options = options

    async def receive(self, message: Message | Receipt) -> None:
        """Take a message in; it is safe once this returns. One that was seen before is dropped.

        A receipt is no message of a person: it goes to the outbox.
        """
        if isinstance(message, Receipt):
            await self._state.receipts.take(message)
            return
        new = await self._state.inbox.receive(message, self._scope)
        metrics.messages.labels(message.platform, "new" if new else "repeated").inc()
        if not new:
            log.info("message_seen_before", platform=message.platform)

    async def run(self) -> None:
        """Handle messages until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(SIDE_BY_SIDE):
                group.create_task(keep_on(self._next, pause=RETRY_SECONDS, name="inbox"))

    async def handle(self, item: InboxItem) -> None:
        """Answer one claimed message, or make its job. Whatever goes wrong becomes one sentence."""
        message = item.message
        with log_context(message=item.key):
            if item.tries > TRIES:
                # Nobody wrote down how the earlier tries ended: this message takes its process down.
                log.error("message_given_up", tries=item.tries)
                await self._give_up(item)
                return
            try:
                answer = await self._answer(item)
            except BotcoreError as error:
                if error.handling is Handling.RETRY and item.tries < TRIES:
                    log.info("message_waits", code=error.code, detail=error.detail)
                    pause = RETRY_SECONDS if error.retry_after is None else error.retry_after
                    await self._state.inbox.failed(item, error.code, retry_in=pause)
                    return
                log.info("message_refused", code=error.code)
                answer = Answer(error.message)
            except Exception:
                log.exception("message_failed", tries=item.tries)
                if item.tries < TRIES:
                    await self._state.inbox.failed(item, BotcoreError.code, retry_in=RETRY_SECONDS)
                    return
                await self._give_up(item)
                return
            if answer is not None:
                await self._reply(item, message, answer)
            await self._state.inbox.done(item)

    async def _next(self) -> None:
        """Handle one message, or wait until there may be one."""
        bell = self._state.inbox.bell
        heard = bell.rings
        item = await self._state.inbox.claim(self._scope)
        if item is None:
            await bell.wait(heard, timeout=LOOK_AGAIN)
        else:
            await self.handle(item)

    async def _give_up(self, item: InboxItem) -> None:
        await self._reply(item, item.message, Answer(BotcoreError.text))
        await self._state.inbox.failed(item, BotcoreError.code, retry_in=None)

    async def _answer(self, item: InboxItem) -> Answer | None:
        message = item.message
        sender = Identity(message.platform, message.user_id)
        if not await self._access.lets_in(sender):
            said = error_text(AccessRefused(), message.language)
            return Answer(said, once=refusal_key(sender, self._state.db.clock()))
        decision = await self._hooks.message_received(message)
        if isinstance(decision, Reply | Reject):
            return Answer(decision.text)
        if isinstance(decision, Replace):
            message = decision.message
        message = await fetch_code(message, self._adapters, maximum=self._submissions.rules.maximum_code)
        routed = route(message, list(self._submissions.renderers.values()), self._submissions.recognised)
        session = await self._state.sessions.of(
            message.platform, message.user_id, language=message.language, options=self._options
        )
        talk = Conversation(
            message,
            session,
            Place(message.platform, message.chat_id, reply_to=message.message_id),
            item.key,
        )
        if isinstance(routed, CommandCall):
            return await self._commands.answer(routed, talk)
        await submit_message(self._submissions, self._state, talk, routed)
        return None

    async def _reply(self, item: InboxItem, message: Message, answer: Answer) -> None:
        await self._state.outbox.enqueue(
            NewOutgoing(
                dedupe=answer.once or f"reply:{item.key}",
                platform=message.platform,
                chat_id=message.chat_id,
                payload=Payload(
                    kind=OutgoingKind.TEXT,
                    text=answer.text,
                    buttons=answer.buttons,
                    reply_to=message.message_id,
                    language=message.language or "en",
                ),
                scope=self._scope,
            )
        )
