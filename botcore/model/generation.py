"""What a provider is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from botcore.model.artifacts import Finding
from botcore.model.jobs import Failure, RenderOptions, Source
from botcore.model.messages import Attachment


@dataclass(frozen=True, slots=True)
class Repair:
    """A source that failed, and why: what the next generation starts from."""

    source: Source
    failure: Failure
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A source that the person has seen drawn, and what they want to be different about it."""

    source: Source
    wish: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a language model is asked, written by the renderer whose language the answer is to be in.

    ``turns`` alternate between user and model and begin and end with the user. ``read`` makes a source
    of the model's whole answer; it raises :class:`~botcore.errors.SourceError` when there is none in it.
    """

    version: str
    system: str
    turns: tuple[str, ...]
    read: Callable[[str], Source]


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """A problem to be turned into a source in ``language``.

    ``deadline`` is in seconds from now; a provider that needs longer must stop by itself. ``prompt`` says all
    of this to a language model; None where the renderer has no prompt, and then only exact providers fit.
    ``last``: no further generation of this job will be asked for, so that the safest answer is the best one.
    """

    problem: str
    language: str
    user_language: str
    options: RenderOptions
    deadline: float
    picture: Attachment | None = None
    repair: Repair | None = None
    change: Change | None = None
    last: bool = False
    prompt: Prompt | None = None


@dataclass(frozen=True, slots=True)
class Spending:
    """What calls of a provider used: tokens, and ``cost`` in US dollars."""

    tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: Spending) -> Spending:
        return Spending(self.tokens + other.tokens, self.cost + other.cost)


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """What a provider made. ``cost`` in US dollars; ``finish_reason`` is ``stop`` for a whole answer."""

    source: Source
    model: str
    finish_reason: str = "stop"
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    prompt_version: str = ""
    unread: Failure | None = None
    """Why there is no source in the answer: ``source`` then holds the answer's words for the repair."""
