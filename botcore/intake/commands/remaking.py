"""Jobs that are made of jobs: a video drawn once more, or changed by words."""

from __future__ import annotations

from typing import Protocol

from botcore.delivery import fixable
from botcore.errors import CannotChange, NoSuchVideo, NotDrawnYet
from botcore.intake.submission import Place, Submissions
from botcore.intake.wishes import Wish, read_wish
from botcore.model import Job, RenderOptions, Session
from botcore.state import State


class Asker(Protocol):
    """Who asks, and where the new video goes. The same ``key`` makes the same job; ``fingerprint`` is kept
    with it."""

    @property
    def session(self) -> Session: ...
    @property
    def place(self) -> Place: ...
    @property
    def language(self) -> str: ...
    @property
    def key(self) -> str | None: ...
    @property
    def fingerprint(self) -> str | None: ...


class Remaking:
    """Makes the new job in the session of whoever asks, which need not be the session of the old one: in a
    group everybody may reply to a video. Each method gives the job, and False where the same was on its way
    already: a button was pressed twice."""

    def __init__(self, state: State, submissions: Submissions) -> None:
        self._state = state
        self._submissions = submissions

    async def edit(self, asker: Asker, parent: Job, words: str, *, join: bool = True) -> tuple[Job, bool]:
        """Do what ``words`` wish of ``parent``: another quality or shape, or something else about it.

        :param join: see :meth:`again`.
        :raises NotDrawnYet, CannotChange: see :meth:`change`.
        """
        wish = read_wish(words)
        if wish is None:
            return await self.change(asker, parent, words)
        return await self.again(asker, parent, wish, join=join)

    async def again(self, asker: Asker, parent: Job, wish: Wish, *, join: bool = True) -> tuple[Job, bool]:
        """Draw ``parent`` once more with the options that ``wish`` names. It needs no video; where
        nothing was written so far, not even a source.

        :param join: whether another message's same request that is on its way will do. Not for whoever names
            each request by a key: a job that was joined does not have it, and once it had ended the same key
            would make another.
        """
        options = wish.of(parent.options)
        words = parent.wish if parent.generations == 0 else None  # a wish that has not come true yet
        return await self._once(asker, parent, options, words, join=join)

    async def change(self, asker: Asker, parent: Job, words: str) -> tuple[Job, bool]:
        """Change what ``parent`` was drawn from.

        :raises NotDrawnYet: it has no source.
        :raises CannotChange: nobody is installed who could do it.
        """
        if parent.source is None:
            raise NotDrawnYet
        if not self._submissions.changeable:
            raise CannotChange
        return await self._make(asker, parent, parent.options, words), True

    async def mend(self, asker: Asker, parent: Job) -> tuple[Job, bool]:
        """Have the code of ``parent``, which a person wrote, mended until it can be drawn.

        :raises NoSuchVideo: it is no code that failed.
        :raises CannotChange: nobody is installed who could do it.
        """
        if (made := await self._made(asker)) is not None:
            return made, True
        if not fixable(parent):
            raise NoSuchVideo
        if not self._submissions.changeable:
            raise CannotChange
        return await self._once(asker, parent, parent.options, None, mended=True)

    async def _once(
        self,
        asker: Asker,
        parent: Job,
        options: RenderOptions,
        wish: str | None,
        *,
        mended: bool = False,
        join: bool = True,
    ) -> tuple[Job, bool]:
        if (made := await self._made(asker)) is not None:
            return made, True
        same = await self._under_way(asker, parent, options, wish) if join else None
        if same is not None:
            return same, False
        return await self._make(asker, parent, options, wish, mended=mended), True

    async def _made(self, asker: Asker) -> Job | None:
        """What this very message made, when the process ended before that was noted."""
        return None if asker.key is None else await self._state.jobs.of_key(asker.key)

    async def _make(
        self,
        asker: Asker,
        parent: Job,
        options: RenderOptions,
        wish: str | None,
        *,
        mended: bool = False,
    ) -> Job:
        job, _ = await self._submissions.remake(
            asker.session,
            asker.place,
            parent,
            options=options,
            language=asker.language,
            wish=wish,
            mended=mended,
            provider=await self._state.sessions.provider(asker.session.id),
            key=asker.key,
            fingerprint=asker.fingerprint,
        )
        return job

    async def _under_way(
        self, asker: Asker, parent: Job, options: RenderOptions, wish: str | None
    ) -> Job | None:
        """This person's same request, made by another message, that has not ended yet."""
        for job_id in await self._state.jobs.open_of(asker.session.id):
            job = await self._state.jobs.get(job_id)
            same = (job.parent_id, job.options, job.wish) == (parent.id, options, wish)
            if same and job.unfinished:
                return job
        return None
