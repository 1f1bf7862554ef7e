"""What every error is: a code, a sentence, and what the caller may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import ClassVar

from botcore.languages import Catalogue

Param = str | int | float


class Handling(StrEnum):
    """What the caller of a failed step may do."""

    RETRY = "retry"
    """The same step may succeed later; ``retry_after`` seconds where the other side said so."""
    FAIL_OVER = "fail_over"
    """The same step will fail again here; another provider or another source may succeed."""
    FINAL = "final"
    """Nothing will help: tell the person."""


class BotcoreError(Exception):
    """Base of all errors.

    :param detail: for logs and operators; must not hold a secret or a message's text.
    :param retry_after: seconds to wait before a retry, where known.
    :param params: values for the placeholders of ``text``; stored with the job, so that the sentence can be
        made again in the user's language.
    """

    code: ClassVar[str] = "internal"
    text: ClassVar[str] = "Something went wrong on our side. It has been noted; please try again in a minute."
    handling: ClassVar[Handling] = Handling.FINAL

    def __init__(self, detail: str = "", /, *, retry_after: float | None = None, **params: Param) -> None:
        self.detail = detail
        self.retry_after = retry_after
        self.params: Mapping[str, Param] = params
        super().__init__(detail or self.message)

    @property
    def message(self) -> str:
        """The sentence for the user, in English."""
        return self.say("en", self.params)

    @classmethod
    def say(cls, language: str, params: Mapping[str, Param]) -> str:
        """The sentence of this class of error in ``language``; never raises.

        A plugin's own errors speak from the plugin's catalogue.
        """
        return _catalogue(cls.__module__.partition(".")[0]).text(language, cls.text, **params)


@cache
def _catalogue(package: str) -> Catalogue:
    return Catalogue(package)


def error_text(error: BotcoreError, language: str) -> str:
    """The sentence for the user, in their language (a BCP 47 tag; unknown ones are English)."""
    return error.say(language, error.params)


def error_classes(root: type[BotcoreError] = BotcoreError) -> Iterator[type[BotcoreError]]:
    """Every class of the tree that is loaded now, ``root`` first."""
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def text_of(code: str, language: str, params: Mapping[str, Param]) -> str:
    """The sentence that belongs to a code; the one of :class:`BotcoreError` for an unknown code."""
    return next((cls for cls in error_classes() if cls.code == code), BotcoreError).say(language, params)
