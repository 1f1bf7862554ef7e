"""The problems of an evaluation: a TOML file with a table ``[[prompt]]`` for each."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from botcore.errors import BotcoreError
from botcore.languages import LANGUAGES
from botcore.model import Aspect, GenerationRequest

LARGEST = 4 * 1024 * 1024
"""Bytes of a file with prompts."""


class PromptFileWrong(BotcoreError):
    """A file that cannot be used; names the place."""

    code = "prompts_invalid"
    text = "{file}: {problem}"


def _spoken(tag: str) -> str:
    if tag not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return tag


class Question(BaseModel):
    """One problem. ``id`` names its recordings; ``answer``, where it is known, is in SymPy's syntax: a set
    for several roots, a list in the order of the variables for a system."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
    text: str = Field(min_length=1)
    language: Annotated[str, AfterValidator(_spoken)] = "en"
    aspect: Aspect = Aspect.WIDE
    answer: str | None = None

    @property
    def key(self) -> tuple[str, str, Aspect]:
        """By what a request is known to be about this question."""
        return self.text, self.language, self.aspect


class PromptFile(BaseModel):
    """All problems, in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _are_different(self) -> Self:
        ids = Counter(each.id for each in self.prompt)
        keys = Counter(each.key for each in self.prompt)
        for each in self.prompt:
            if ids[each.id] > 1:
                raise ValueError(f"two prompts have the id {each.id}")
            if keys[each.key] > 1:
                raise ValueError(f"two prompts have the text of {each.id}, in one language and shape")
        return self


@dataclass(frozen=True, slots=True)
class Questions:
    """Finds the question that a request asks."""

    by_key: dict[tuple[str, str, Aspect], Question]

    @classmethod
    def of(cls, questions: tuple[Question, ...]) -> Questions:
        """For these questions."""
        return cls({each.key: each for each in questions})

    def asked(self, request: GenerationRequest) -> Question | None:
        """The question of ``request``; None when it is of no evaluation."""
        return self.by_key.get((request.problem, request.user_language, request.options.aspect))


def read_prompts(path: Path) -> tuple[Question, ...]:
    """The problems in a file.

    :raises PromptFileWrong: it is not there, no TOML, or something in it is not as it must be.
    """
    try:
        with path.open("rb") as file:
            return PromptFile.model_validate(tomllib.loads(file.read(LARGEST).decode())).prompt
    except OSError as error:
        raise PromptFileWrong(file=str(path), problem=error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise PromptFileWrong(file=str(path), problem="it is not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise PromptFileWrong(file=str(path), problem=str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "prompt"
        raise PromptFileWrong(file=str(path), problem=f"{place}: {first['msg']}") from None
