"""Jobs that are made of jobs: a video drawn once more, or changed by words."""

from __future__ import annotations

from botcore.delivery import fixable
from botcore.errors import CannotChange, NoSuchVideo, NotDrawnYet
from botcore.intake.commands.conversation import Conversation
from botcore.intake.submission import Submissions
from botcore.intake.wishes import Wish
from botcore.model import Job, RenderOptions
from botcore.state import State


class Remaking:
    """Makes the new job in the session of whoever asks, which need not be the session of the old one: in a
    group everybody may reply to a video."""

    def __init__(self, state: State, submissions: Submissions) -> None:
        self._state = state
        self._submissions = submissions

    async def again(self, talk: Conversation, parent: Job, wish: Wish) -> bool:
        """Draw ``parent`` once more with the options that ``wish`` names. It needs no video; where
        nothing was written so far, not even a source.

        False when the same is on its way already: a button was pressed twice.
        """
        if await self._state.jobs.of_key(talk.key) is not None:
            return True  # this very message was answered, and the process ended before it was noted
        options = wish.of(parent.options)
        words = parent.wish if parent.generations == 0 else None  # a wish that has not come true yet
        if await self._under_way(talk, parent, options, words):
            return False
        await self._make(talk, parent, options, words)
        return True

    async def change(self, talk: Conversation, parent: Job, words: str) -> None:
        """Change what ``parent`` was drawn from.

        :raises NotDrawnYet: it has no source.
        :raises CannotChange: nobody is installed who could do it.
        """
        if parent.source is None:
            raise NotDrawnYet
        if not self._submissions.changeable:
            raise CannotChange
        await self._make(talk, parent, parent.options, words)

    async def mend(self, talk: Conversation, parent: Job) -> bool:
        """Have the code of ``parent``, which a person wrote, mended until it can be drawn; False when that is
        on its way already.

        :raises NoSuchVideo: it is no code that failed.
        :raises CannotChange: nobody is installed who could do it.
        """
        if await self._state.jobs.of_key(talk.key) is not None:
            return True
        if not fixable(parent):
            raise NoSuchVideo
        if not self._submissions.changeable:
            raise CannotChange
        if await self._under_way(talk, parent, parent.options, None):
            return False
        await self._make(talk, parent, parent.options, None, mended=True)
        return True

    async def _make(
        self,
        talk: Conversation,
        parent: Job,
        options: RenderOptions,
        wish: str | None,
        *,
        mended: bool = False,
    ) -> None:
        await self._submissions.remake(
            talk.session,
            talk.place,
            parent,
            options=options,
            language=talk.language,
            wish=wish,
            mended=mended,
            provider=await self._state.sessions.provider(talk.session.id),
            key=talk.key,
        )

    async def _under_way(
        self, talk: Conversation, parent: Job, options: RenderOptions, wish: str | None
    ) -> bool:
        """Whether this person's same request, made by another message, has not ended yet."""
        for job_id in await self._state.jobs.open_of(talk.session.id):
            job = await self._state.jobs.get(job_id)
            same = (job.parent_id, job.options, job.wish) == (parent.id, options, wish)
            if same and job.unfinished:
                return True
        return False
