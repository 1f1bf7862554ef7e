"""The figures of an evaluation: of each provider and of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from botcore.evaluation.recording import Replayed
from botcore.evaluation.results import Result, Verdict, Way


@dataclass(frozen=True, slots=True)
class Figures:
    """Rates from 0 to 1 of all questions asked; ``seconds`` the median of one question; ``lint`` warnings of
    one drawn scene on average; ``cost`` in US dollars."""

    questions: int
    first_try: float
    rendered: float
    plain: float
    failed: float
    right: int
    wrong: int
    lint: float
    fixes: int
    seconds: float
    input_tokens: int
    output_tokens: int
    cost: float


@dataclass(frozen=True, slots=True)
class Report:
    """``complete``: every question was asked. ``changed`` and ``missing`` are what a replay noticed."""

    results: tuple[Result, ...]
    complete: bool
    replayed: Replayed

    @property
    def all(self) -> Figures:
        """Of all providers together."""
        return figures_of(self.results)

    @property
    def providers(self) -> dict[str, Figures]:
        """Of each provider, in the order in which they were asked."""
        names = dict.fromkeys(result.provider for result in self.results)
        return {name: figures_of([one for one in self.results if one.provider == name]) for name in names}

    def as_object(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "complete": self.complete,
            "all": asdict(self.all),
            "providers": {name: asdict(figures) for name, figures in self.providers.items()},
            "results": [asdict(result) for result in self.results],
            "replay": asdict(self.replayed),
        }


def figures_of(results: Sequence[Result]) -> Figures:
    """Add results up."""
    count = len(results)
    drawn = [result for result in results if result.rendered]

    def share(*ways: Way) -> float:
        return sum(result.way in ways for result in results) / count if count else 0.0

    return Figures(
        questions=count,
        first_try=share(Way.FIRST_TRY),
        rendered=share(Way.FIRST_TRY, Way.REPAIRED),
        plain=share(Way.PLAIN),
        failed=share(Way.FAILED),
        right=sum(result.verdict is Verdict.RIGHT for result in results),
        wrong=sum(result.verdict is Verdict.WRONG for result in results),
        lint=sum(sum(result.lint.values()) for result in drawn) / len(drawn) if drawn else 0.0,
        fixes=sum(result.fixes for result in results),
        seconds=median(result.seconds for result in results) if results else 0.0,
        input_tokens=sum(result.input_tokens for result in results),
        output_tokens=sum(result.output_tokens for result in results),
        cost=sum(result.cost for result in results),
    )
