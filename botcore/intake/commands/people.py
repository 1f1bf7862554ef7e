"""/link and /forget."""

from __future__ import annotations

from botcore.errors import LinkCodeWrong
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation
from botcore.intake.linking import Linking, answers
from botcore.languages import sentence, text
from botcore.model import Button
from botcore.pipeline import JobControl
from botcore.state import LinkState, Party, read_code, show_code

_MOST_WORDS = 2
"""``yes 0123…``: what a button sends."""


class PeopleCommands:
    """The commands about the person. ``scope``: of the rows that this process makes."""

    def __init__(self, control: JobControl, linking: Linking, *, scope: str) -> None:
        self._control = control
        self._linking = linking
        self._scope = scope

    def all(self) -> tuple[ChatCommand, ...]:
        return (
            ChatCommand(
                "link", sentence("[code]"), sentence("use me on several platforms as one person"), self._link
            ),
            ChatCommand(
                "forget",
                sentence("[yes]"),
                sentence("delete everything that is kept about you"),
                self._forget,
            ),
        )

    async def _forget(self, talk: Conversation, argument: str) -> Answer:
        if argument.lower() != "yes":
            return Answer(
                text(
                    talk.language,
                    "This cancels what is on the way and deletes your videos, your history and your choices, "
                    "in every chat that you linked. Send /forget yes to do it.",
                ),
                (Button(text(talk.language, "Delete it all"), "/forget yes"),),
            )
        language = talk.language
        await self._control.forget(talk.session.id)
        return Answer(text(language, "Done. Nothing about you is kept any more."), parting=True)

    async def _link(self, talk: Conversation, argument: str) -> Answer:
        words = argument.split()
        if not words:
            return await self._make(talk)
        if words[0].lower() in {"yes", "no"} and len(words) <= _MOST_WORDS:
            link_id = words[1].lower() if len(words) == _MOST_WORDS else None
            return await (self._yes if words[0].lower() == "yes" else self._no)(talk, link_id)
        code = read_code(argument)
        if code is None:
            raise LinkCodeWrong
        link = await self._linking.take(code, self._party(talk))
        if link.state is LinkState.LINKED:
            return Answer(self._linking.done(link, talk.identity, talk.language))
        return Answer(
            self._linking.question(link, talk.identity, talk.language), answers(link, talk.language)
        )

    async def _make(self, talk: Conversation) -> Answer:
        _, code = await self._linking.make(self._party(talk))
        return Answer(
            text(
                talk.language,
                "Your code: {code}\n"
                "Within 10 minutes, write to me on your other platform: /link {code}\n"
                "Then I ask in both chats. Linked chats are one person to me: they share videos, history, "
                "choices and limits, and /forget in one of them deletes everything. There is no other way to "
                "undo it. Give the code to nobody.",
                code=show_code(code),
            )
        )

    async def _yes(self, talk: Conversation, link_id: str | None) -> Answer:
        link = await self._linking.agree(talk.identity, link_id)
        if link.state is LinkState.LINKED:
            return Answer(self._linking.done(link, talk.identity, talk.language))
        return Answer(
            text(
                talk.language,
                "Thank you. Now say yes in {account}, too.",
                account=self._linking.account(link.maker.identity, talk.language),
            )
        )

    async def _no(self, talk: Conversation, link_id: str | None) -> Answer:
        await self._linking.refuse(talk.identity, link_id)
        return Answer(text(talk.language, "All right. Nothing was linked."))

    def _party(self, talk: Conversation) -> Party:
        return Party(talk.identity, talk.message.chat_id, self._scope)
