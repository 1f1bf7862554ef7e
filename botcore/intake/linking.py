"""Two chats of one person: what is asked of each side, and what each is told."""

from __future__ import annotations

from collections.abc import Callable, Collection

from botcore.errors import AccessRefused
from botcore.intake.access import Access
from botcore.languages import text
from botcore.model import Button, OutgoingKind, RenderOptions
from botcore.state import Identity, Link, LinkState, NewOutgoing, Party, Payload, State

_SHOWN = 3
"""How many of the last characters of an account are shown: enough for its owner to recognise it."""


class Linking:
    """Carries a link from code to confirmation; the other side is told in the same transaction.

    :param titles: what people call a platform, given its name.
    :param anonymous: platforms whose accounts have no name that their owner would recognise.
    :param defaults: the picture of somebody who chose nothing.
    """

    def __init__(
        self,
        state: State,
        access: Access,
        *,
        titles: Callable[[str], str],
        anonymous: Collection[str],
        defaults: RenderOptions,
    ) -> None:
        self._state = state
        self._access = access
        self._titles = titles
        self._anonymous = anonymous
        self._defaults = defaults

    async def make(self, maker: Party) -> tuple[Link, str]:
        """A link and its code."""
        return await self._state.links.make(maker)

    async def take(self, code: str, taker: Party, *, guesser: Collection[str] = ()) -> Link:
        """Use a code up; see :meth:`~botcore.state.LinkRepository.take`."""
        return await self._state.links.take(code, taker, guesser=guesser)

    async def of(self, identity: Identity) -> Link | None:
        """Where the newest link of this identity stands."""
        return await self._state.links.of(identity)

    async def agree(self, identity: Identity, link_id: str | None) -> Link:
        """One side's yes: the other side is asked, or told that it is done.

        :raises InputError: there is nothing to say yes to.
        :raises AccessRefused: one of the two is not let in any more.
        """
        return await self._state.db.transaction(lambda: self._agree(identity, link_id))

    async def _agree(self, identity: Identity, link_id: str | None) -> Link:
        link = await self._state.links.agree(identity, link_id, defaults=self._defaults)
        other = link.other(identity)
        if other is None:
            return link
        if not await self._access.lets_in(other.identity):
            raise AccessRefused
        language = await self._language(other)
        if link.state is LinkState.LINKED:
            done = self.done(link, other.identity, language)
            # The side that said the last yes has its own answer.
            if identity == link.maker.identity:
                await self._tell(link, other, "linked", done, language)
        else:
            question = self.question(link, other.identity, language)
            await self._tell(link, other, "asked", question, language, answers(link, language))
        return link

    async def refuse(self, identity: Identity, link_id: str | None) -> None:
        """One side's no; the other side is told.

        :raises LinkOver: there is nothing to say no to.
        """
        await self._state.db.transaction(lambda: self._refuse(identity, link_id))

    async def _refuse(self, identity: Identity, link_id: str | None) -> None:
        link = await self._state.links.refuse(identity, link_id)
        other = link.other(identity)
        if other is not None:
            language = await self._language(other)
            account = self.account(identity, language)
            said = text(language, "The answer from {account} was no. Nothing was linked.", account=account)
            await self._tell(link, other, "refused", said, language)

    # ----------------------------------------------------------------------------------------- what is said

    def question(self, link: Link, identity: Identity, language: str) -> str:
        """What ``identity`` is asked to say yes to."""
        other = link.other(identity)
        account = self.account(other.identity, language) if other is not None else ""
        if identity == link.maker.identity:
            return text(
                language,
                "Your code was typed in {account}. Link it with this chat? Say yes only if that was you.",
                account=account,
            )
        return text(
            language,
            "Link this chat with {account}? Say yes only if you got the code there yourself: both chats then "
            "share videos, history, choices and limits.",
            account=account,
        )

    def done(self, link: Link, identity: Identity, language: str) -> str:
        """What ``identity`` reads at the end."""
        other = link.other(identity)
        return text(
            language,
            "Done: this chat and {account} are linked. /forget in one of them forgets both.",
            account=self.account(other.identity, language) if other is not None else "",
        )

    def account(self, identity: Identity, language: str) -> str:
        """An account as its owner recognises it: the platform and the end of the name."""
        title = self._titles(identity.platform)
        if identity.platform in self._anonymous:
            return title
        return text(language, "{platform} (account …{end})", platform=title, end=identity.user_id[-_SHOWN:])

    async def _language(self, party: Party) -> str:
        session = await self._state.sessions.find(party.identity.platform, party.identity.user_id)
        return session.language if session is not None else ""

    async def _tell(
        self,
        link: Link,
        party: Party,
        what: str,
        said: str,
        language: str,
        buttons: tuple[Button, ...] = (),
    ) -> None:
        if not party.chat_id:
            return  # it comes to look
        payload = Payload(OutgoingKind.TEXT, said, buttons=buttons, language=language or "en")
        await self._state.outbox.enqueue(
            NewOutgoing(
                f"link:{link.id}:{what}", party.identity.platform, party.chat_id, payload, party.scope
            )
        )


def answers(link: Link, language: str) -> tuple[Button, ...]:
    """The buttons under a question."""
    return (
        Button(text(language, "Yes, link them"), f"/link yes {link.id}"),
        Button(text(language, "No"), f"/link no {link.id}"),
    )
