"""What a message is answered with: a sentence, or a job whose own messages are the answer."""

from __future__ import annotations

from dataclasses import replace

from botcore.errors import (
    AccessRefused,
    BotcoreError,
    UnsupportedAttachment,
    UnsupportedPicture,
    error_text,
)
from botcore.hooks.results import Reject, Replace, Reply
from botcore.hooks.runner import HookRunner
from botcore.intake.access import Access, refusal_key
from botcore.intake.attachments import Adapters, fetch_code
from botcore.intake.commands import Answer, Commands, Conversation, submit_message
from botcore.intake.commands.conversation import language_of
from botcore.intake.pictures import PictureDoor
from botcore.intake.pictures.asking import album_key
from botcore.intake.routing import CommandCall, Submitted, route
from botcore.intake.spoken import spoken_command
from botcore.intake.submission import Place, Submissions
from botcore.intake.wishes import Wish, read_wish
from botcore.languages import guess, text
from botcore.model import Job, JobKind, Message, RenderOptions
from botcore.state import Identity, State
from botcore.telemetry import get_logger

_LONGEST_TAG = 32
"""Characters of a language's name; no platform sends more, and no row keeps more."""

log = get_logger(__name__)


class Answering:
    """:param options: what a new session starts with."""

    def __init__(
        self,
        state: State,
        hooks: HookRunner,
        access: Access,
        submissions: Submissions,
        commands: Commands,
        adapters: Adapters,
        pictures: PictureDoor,
        *,
        options: RenderOptions,
    ) -> None:
        self._state = state
        self._hooks = hooks
        self._access = access
        self._submissions = submissions
        self._commands = commands
        self._adapters = adapters
        self._pictures = pictures
        self._options = options

    async def answer(self, message: Message, key: str) -> Answer | None:
        """Answer a message, or make its job and answer nothing. The same ``key`` makes the same job.

        :raises BotcoreError: with a sentence for the person.
        """
        sender = Identity(message.platform, message.user_id)
        if not await self._access.lets_in(sender):
            said = error_text(AccessRefused(), await self.language(message))
            return Answer(said, once=refusal_key(sender, self._state.db.clock()))
        decision = await self._hooks.message_received(message)
        if isinstance(decision, Reply | Reject):
            return Answer(decision.text)
        if isinstance(decision, Replace):
            message = decision.message
        message = await fetch_code(message, self._adapters, maximum=self._submissions.rules.maximum_code)
        try:
            routed = route(message, list(self._submissions.renderers.values()), self._submissions.recognised)
        except UnsupportedPicture:  # and no words with it that would do
            return await self._pictures.take(await self._conversation(message, key))
        if isinstance(routed, Submitted) and not message.attachments:
            routed = spoken_command(routed.text) or routed
        talk = await self._conversation(message, key)
        if isinstance(routed, CommandCall):
            return await self._commands.answer(routed, talk)
        return await self._take(talk, routed)

    async def refuse(self, message: Message, error: BotcoreError) -> Answer:
        """The sentence of an error. Pictures that were sent together get one."""
        said = error_text(error, await self.language(message))
        if message.group and isinstance(error, UnsupportedAttachment):
            return Answer(said, once=album_key(message))
        return Answer(said)

    async def language(self, message: Message) -> str:
        """In which language the sender is answered, whether they have a session or not."""
        session = await self._state.sessions.find(message.platform, message.user_id)
        return language_of(message, session)

    async def _conversation(self, message: Message, key: str) -> Conversation:
        if len(message.language) > _LONGEST_TAG:
            message = replace(message, language="")
        known = message.language or guess(message.text)
        session = await self._state.sessions.of(
            message.platform, message.user_id, language=known, options=self._options
        )
        if known and not session.language:  # the first messages were commands and formulas
            await self._state.sessions.set_language(session.id, known)
            session = replace(session, language=known)
        place = Place(message.platform, message.chat_id, reply_to=message.message_id)
        return Conversation(message, session, place, key)

    async def _take(self, talk: Conversation, submitted: Submitted) -> Answer | None:
        """Make the job of words or code: a new one, or one of the job whose message was replied to."""
        if talk.message.attachments:
            wish = read_wish(talk.message.text) or Wish()  # a code file with “vertical” below it
            options = wish.of(talk.session.options)
            await submit_message(self._submissions, self._state, talk, submitted, options=options)
            return None
        if submitted.kind is JobKind.PROBLEM:
            parent = await self._meant(talk, submitted.text)
            if parent is not None and parent.text:  # the text of somebody who was forgotten is gone
                made, answer = await self._remake(talk, parent, submitted.text)
                if made:
                    return answer
        await submit_message(self._submissions, self._state, talk, submitted)
        return None

    async def _meant(self, talk: Conversation, words: str) -> Job | None:
        """The job that words are about: the one whose message they answer, and for a plain “vertical” the
        newest one."""
        replied_to = await self._commands.names.replied_to(talk.message)
        if replied_to is not None or read_wish(words) is None or self._submissions.recognised(words.strip()):
            return replied_to
        newest = await self._state.jobs.of_session(talk.session.id, limit=1)
        return newest[0] if newest else None

    async def _remake(self, talk: Conversation, parent: Job, words: str) -> tuple[bool, Answer | None]:
        """Make a job of ``parent``, as ``words`` wish. False where they are a problem of their own:
        one that is known for sure, or a second try after a first one of which nothing was written."""
        unwritten = parent.source is None and parent.status.final
        if read_wish(words) is None and (self._submissions.recognised(words.strip()) or unwritten):
            return False, None
        _, new = await self._commands.remaking.edit(talk, parent, words)
        return True, None if new else Answer(text(talk.language, "That one is on the way already."))
