"""From what a model said to the source in it, and what that cost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from botcore.errors import ProviderError, ProviderRefused, ProviderUnavailable, SourceError
from botcore.llm.settings import ModelSettings
from botcore.model import Failure, GenerationResult, Prompt, Source

LONGEST = 100_000
"""Characters of one answer. No scene is so long: a model that writes more repeats itself."""
_SHOWN = 8_000
"""Characters of an answer without a program that the model is shown again."""


class Finish(StrEnum):
    """Why a model stopped."""

    STOP = "stop"
    LENGTH = "length"
    """At the limit of tokens: what is there is a part."""
    REFUSED = "refused"
    """The model or its server's filter would not."""
    BROKEN = "broken"
    """The server gave up, or the connection ended too early."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens, as the server counted them. ``cached`` are a part of ``asked``."""

    asked: int = 0
    answered: int = 0
    cached: int = 0

    def cost(self, settings: ModelSettings) -> float:
        """In US dollars."""
        cached = min(self.cached, self.asked)
        price_cached = settings.price_in if settings.price_cached is None else settings.price_cached
        millionths = (
            (self.asked - cached) * settings.price_in
            + cached * price_cached
            + self.answered * settings.price_out
        )
        return millionths / 1_000_000


@dataclass(slots=True)
class Answer:
    """What came of one call. Filled while it comes; ``reason`` is the server's own word for ``finish``.

    ``refused``: the model said that it would not, whatever reason it ended with.
    """

    text: str = ""
    model: str = ""
    finish: Finish = Finish.BROKEN
    reason: str = ""
    refused: bool = False
    usage: Usage = Usage()

    def add(self, piece: str) -> None:
        """Take the next piece. Raises :class:`ProviderError` when the answer grows beyond :data:`LONGEST`."""
        self.text += piece
        if len(self.text) > LONGEST:
            raise ProviderError(f"the answer is longer than {LONGEST} characters")


def sendable(text: str) -> str:
    """The text as JSON can hold it: what people send may hold halves of characters."""
    return text.encode(errors="replace").decode()


def result_of(answer: Answer, prompt: Prompt, settings: ModelSettings) -> GenerationResult:
    """The source in a whole answer, or the words of one that holds none (``unread`` says why).

    Raises :class:`ProviderError` for any other answer, with what it cost all the same.
    """
    usage, cost = answer.usage, answer.usage.cost(settings)
    unread: Failure | None = None
    try:
        _check_whole(answer, settings)
        source = prompt.read(answer.text)
    except ProviderError as error:
        error.tokens, error.cost = usage.asked + usage.answered, cost
        raise
    except SourceError as error:
        source, unread = Source("", answer.text[:_SHOWN]), Failure(error.code, error.params)
    return GenerationResult(
        source,
        unread=unread,
        model=answer.model or settings.model,
        finish_reason="stop",
        input_tokens=usage.asked,
        output_tokens=usage.answered,
        cost=cost,
        prompt_version=prompt.version,
    )


def _check_whole(answer: Answer, settings: ModelSettings) -> None:
    where = settings.host()
    if answer.refused or answer.finish is Finish.REFUSED:
        raise ProviderRefused(f"{where}: refused ({answer.reason})")
    match answer.finish:
        case Finish.LENGTH:
            raise ProviderError(f"{where}: the answer was cut off; max_tokens is {settings.max_tokens}")
        case Finish.BROKEN:
            raise ProviderUnavailable(
                f"{where}: the answer broke off ({answer.reason or 'no finish reason'})"
            )
        case Finish.OTHER:
            raise ProviderError(f"{where}: the answer ended with finish reason {answer.reason}")
    if not answer.text.strip():
        raise ProviderError(f"{where}: the answer is empty")
