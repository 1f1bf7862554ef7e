"""/code and /again: what a video was drawn from, and drawing it once more."""

from __future__ import annotations

import re
from collections.abc import Mapping

from botcore.delivery.splitting import length
from botcore.errors import AgainUnclear, NoSuchVideo
from botcore.hooks.descriptors import RendererDescriptor
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation, submit_message
from botcore.intake.commands.jobs import no_videos
from botcore.intake.commands.naming import JobNames
from botcore.intake.commands.remaking import Remaking
from botcore.intake.routing import as_code
from botcore.intake.submission import Submissions
from botcore.intake.wishes import Wish, read_wish
from botcore.languages import sentence, text
from botcore.model import Capabilities, Job, JobKind
from botcore.state import State

_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{6,16}", re.IGNORECASE)
_FENCE = "```"


class DrawingCommands:
    """The commands about sources.

    :param platforms: what each platform can do.
    """

    def __init__(
        self,
        state: State,
        submissions: Submissions,
        names: JobNames,
        remaking: Remaking,
        *,
        renderers: Mapping[str, RendererDescriptor],
        platforms: Mapping[str, Capabilities],
    ) -> None:
        self._state = state
        self._submissions = submissions
        self._names = names
        self._remaking = remaking
        self._renderers = renderers
        self._platforms = platforms

    def all(self) -> tuple[ChatCommand, ...]:
        return (
            ChatCommand(
                "code",
                "[job|code]",
                sentence("the code of your last video; with code: draw that code"),
                self._code,
                verbatim=True,
            ),
            ChatCommand(
                "again",
                "[job] [low|medium|high] [16:9|9:16|1:1]",
                sentence("draw a video once more, sharper or in another shape"),
                self._again,
            ),
            ChatCommand("fix", "[job]", "", self._fix, listed=False),
        )

    async def _code(self, talk: Conversation, argument: str) -> Answer | None:
        if _ID.fullmatch(argument.strip()):
            return self._shown(talk, [await self._names.named(talk, argument.strip())])
        if argument.strip():
            submitted = as_code(argument, list(self._renderers.values()))
            await submit_message(self._submissions, self._state, talk, submitted)
            return None
        return self._shown(talk, await self._names.own(talk))

    def _shown(self, talk: Conversation, jobs: list[Job]) -> Answer:
        code = next((code for code in map(_code_of, jobs) if code is not None), None)
        if code is not None:
            return Answer(self._fenced(talk.message.platform, code))
        return Answer(
            text(
                talk.language,
                "There is no code yet: send a problem first. To draw code of your own, send it after /code.",
            )
        )

    def _fenced(self, platform: str, code: str) -> str:
        """With lines around it that a platform makes a block of, to be copied with one touch; unless it were
        cut in two there."""
        capabilities = self._platforms.get(platform, Capabilities())
        whole = f"{_FENCE}\n{code}\n{_FENCE}"
        fits = not capabilities.text_limit or length(whole, capabilities.text_unit) <= capabilities.text_limit
        return whole if capabilities.formatting and fits and _FENCE not in code else code

    async def _fix(self, talk: Conversation, argument: str) -> Answer | None:
        start = argument.strip()
        if start and not _ID.fullmatch(start):
            raise NoSuchVideo
        own = [] if start else await self._names.own(talk)
        if not start and not own:
            return no_videos(talk)
        parent = await self._names.named(talk, start) if start else own[0]
        _, new = await self._remaking.mend(talk, parent)
        if not new:
            return Answer(text(talk.language, "That one is on the way already."))
        return None

    async def _again(self, talk: Conversation, argument: str) -> Answer | None:
        wish, jobs = _wish(argument), await self._names.own(talk)
        if wish is None:
            start, _, rest = argument.partition(" ")
            if not _ID.fullmatch(start):
                raise AgainUnclear
            parent, wish = await self._names.named(talk, start), _wish(rest)
            if wish is None:
                raise AgainUnclear
        elif not jobs:
            return no_videos(talk)
        else:
            parent = jobs[0]
        if not parent.text:  # its owner was forgotten
            raise NoSuchVideo
        _, new = await self._remaking.again(talk, parent, wish)
        if not new:
            return Answer(text(talk.language, "That one is on the way already."))
        return None


def _wish(words: str) -> Wish | None:
    return read_wish(words) if words.strip() else Wish()


def _code_of(job: Job) -> str | None:
    if job.source is not None:
        return job.source.code
    return job.text if job.kind is JobKind.CODE else None
