"""/picture: the answer to the question whether a picture was read right. Its buttons send it."""

from __future__ import annotations

from botcore.errors import PictureNotYours, PictureOver
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation
from botcore.intake.routing import Submitted
from botcore.intake.submission import Place, Submissions
from botcore.languages import sentence, text
from botcore.model import JobKind
from botcore.state import Picture, PictureStatus, State


class PictureCommands:
    """The command behind the buttons."""

    def __init__(self, state: State, submissions: Submissions) -> None:
        self._state = state
        self._submissions = submissions

    def all(self) -> tuple[ChatCommand, ...]:
        return (
            ChatCommand(
                "picture",
                "yes|no",
                sentence("say whether I read your picture right"),
                self._picture,
                listed=False,
            ),
        )

    async def _picture(self, talk: Conversation, argument: str) -> Answer | None:
        words = argument.split()
        yes = bool(words) and words[0].lower() == "yes"
        picture = await self._state.pictures.get(words[-1]) if words else None
        if picture is None:
            raise PictureOver
        if not await self._is_theirs(talk, picture):
            raise PictureNotYours
        if picture.status is PictureStatus.TAKEN:
            return Answer(text(talk.language, "That one is on the way already."))
        if picture.status is PictureStatus.REFUSED and yes:
            raise PictureOver
        if not yes:
            await self._state.pictures.answered(picture.id, yes=False)
            return Answer(text(talk.language, "Then please type the problem, or send a sharper picture."))
        await self._submit(talk, picture)
        await self._state.pictures.answered(picture.id, yes=True)
        return None

    async def _is_theirs(self, talk: Conversation, picture: Picture) -> bool:
        """Whether the person sent it, from this or another account of theirs."""
        owner = picture.sender
        session = await self._state.sessions.find(owner.platform, owner.user_id)
        return talk.identity == owner or (session is not None and session.id == talk.session.id)

    async def _submit(self, talk: Conversation, picture: Picture) -> None:
        """What was read becomes a problem like any other. The picture's own key makes it one job, however
        often a button is pressed."""
        message = picture.message
        await self._submissions.submit(
            talk.session,
            Place(message.platform, message.chat_id, reply_to=message.message_id),
            Submitted(JobKind.PROBLEM, picture.text),
            options=talk.session.options,
            language=talk.language,
            provider=await self._state.sessions.provider(talk.session.id),
            key=f"picture:{picture.id}",
        )
