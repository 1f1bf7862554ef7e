"""What came of one question at one provider."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from botcore.errors import AnswerWrong
from botcore.evaluation.prompts import Question
from botcore.model import Job, Severity, Status
from botcore.state import Attempt


class Way(StrEnum):
    """How far it got."""

    FIRST_TRY = "first_try"
    REPAIRED = "repaired"
    PLAIN = "plain"
    """The plain version that is drawn when everything else failed."""
    FAILED = "failed"


class Verdict(StrEnum):
    """What is known of the stated answer."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Result:
    """``attempts`` counts the generations, ``fixes`` the deterministic edits of all of them; ``lint`` has the
    warnings about what was drawn, by code. ``seconds`` from the submission's start to its end; ``cost`` in
    US dollars. ``error`` is the code of why there is no video, or nothing."""

    provider: str
    question: str
    way: Way
    verdict: Verdict
    attempts: int
    fixes: int
    seconds: float
    generate_seconds: float
    render_seconds: float
    input_tokens: int
    output_tokens: int
    cost: float
    lint: Mapping[str, int] = field(default_factory=dict)
    answer: str | None = None
    error: str = ""
    detail: str = ""
    failures: tuple[str, ...] = ()
    """What was wrong with each attempt that was given up."""

    @property
    def rendered(self) -> bool:
        """Whether the model's own scene was drawn."""
        return self.way in {Way.FIRST_TRY, Way.REPAIRED}


def result_of_job(provider: str, question: Question, job: Job, attempts: Sequence[Attempt]) -> Result:
    """What a job that has ended says about a provider."""
    made = [attempt for attempt in attempts if attempt.number > 0]
    way = _way(job, made)
    last = made[-1] if made else None
    drawn = last if last is not None and way in {Way.FIRST_TRY, Way.REPAIRED} else None
    warnings = () if drawn is None else drawn.findings
    return Result(
        provider=provider,
        question=question.id,
        way=way,
        verdict=_verdict(question, job, way),
        attempts=len(made),
        fixes=sum(attempt.fixes for attempt in made),
        seconds=job.processing_s,
        generate_seconds=sum(attempt.generate_s for attempt in made),
        render_seconds=sum(attempt.render_s for attempt in made),
        input_tokens=sum(attempt.input_tokens for attempt in made),
        output_tokens=sum(attempt.output_tokens for attempt in made),
        cost=sum(attempt.cost for attempt in made),
        lint=dict(Counter(item.code for item in warnings if item.severity is Severity.WARNING)),
        answer=None if job.source is None else job.source.answer,
        error="" if job.failure is None else str(job.failure.params.get("spoken", job.failure.code)),
        detail="" if job.failure is None else str(job.failure.params.get("problem", "")),
        failures=tuple(attempt.failure.code for attempt in made if attempt.failure is not None),
    )


def same_answer(first: str, second: str) -> bool:
    """Whether two answers in SymPy's syntax are written the same, but for white space, the order within a
    set, and how a fraction is written. False says little: there are many ways to write a formula."""
    return _shape(first) == _shape(second)


def _way(job: Job, made: Sequence[Attempt]) -> Way:
    if job.status is not Status.DELIVERED or job.source is None:
        return Way.FAILED
    if job.source.plain:
        return Way.PLAIN
    return Way.FIRST_TRY if len(made) <= 1 else Way.REPAIRED


def _verdict(question: Question, job: Job, way: Way) -> Verdict:
    if job.failure is not None and job.failure.params.get("spoken", job.failure.code) == AnswerWrong.code:
        return Verdict.WRONG
    if way is Way.FAILED or job.source is None:
        return Verdict.UNKNOWN
    if job.source.checked:
        return Verdict.RIGHT
    if question.answer is None or job.source.answer is None:
        return Verdict.UNKNOWN
    return Verdict.RIGHT if same_answer(question.answer, job.source.answer) else Verdict.WRONG


def _shape(answer: str) -> object:
    text = "".join(answer.split())
    if text[:1] + text[-1:] == "{}":
        return frozenset(_shape(part) for part in _parts(text[1:-1]))
    if text[:1] + text[-1:] == "[]":
        return tuple(_shape(part) for part in _parts(text[1:-1]))
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return text


def _parts(text: str) -> list[str]:
    """What the commas on the outermost level separate."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
