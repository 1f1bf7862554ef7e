"""What an answer is worth."""

from __future__ import annotations

import pytest

from botcore.errors import ProviderError, ProviderRefused, ProviderUnavailable, SourceInvalid
from botcore.llm import Answer, Finish, ModelSettings, Usage, result_of, sendable
from botcore.llm.answers import LONGEST
from botcore.model import Failure, Prompt, Source

SETTINGS = ModelSettings(base_url="http://models.example/v1", model="m", price_in=3.0, price_out=15.0)


def prompt(error: Exception | None = None) -> Prompt:
    def read(answer: str) -> Source:
        if error is not None:
            raise error
        return Source("flat", answer)

    return Prompt("7", "system", ("turn",), read)


@pytest.mark.parametrize(
    ("usage", "price_cached", "cost"),
    [
        (Usage(), None, 0.0),
        (Usage(asked=1_000_000), None, 3.0),
        (Usage(answered=1_000_000), None, 15.0),
        (Usage(asked=1_000_000, cached=1_000_000), None, 3.0),
        (Usage(asked=1_000_000, cached=400_000), 0.5, 2.0),
        (Usage(asked=100, cached=10**9), 0.0, 0.0),
    ],
)
def test_the_cost_follows_the_prices(usage: Usage, price_cached: float | None, cost: float) -> None:
    settings = SETTINGS.model_copy(update={"price_cached": price_cached})
    assert usage.cost(settings) == pytest.approx(cost)


def test_a_whole_answer_is_a_source_with_its_bill() -> None:
    answer = Answer("draw", "m-2", Finish.STOP, "stop", usage=Usage(asked=1000, answered=100))
    result = result_of(answer, prompt(), SETTINGS)
    assert (result.source.code, result.model, result.prompt_version) == ("draw", "m-2", "7")
    assert (result.input_tokens, result.output_tokens, result.cost) == (1000, 100, pytest.approx(0.0045))


def test_a_server_that_does_not_name_its_model_has_the_one_that_was_asked_for() -> None:
    assert result_of(Answer("draw", finish=Finish.STOP), prompt(), SETTINGS).model == "m"


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Answer("x", finish=Finish.LENGTH), ProviderError, "cut off; max_tokens is 16000"),
        (Answer("x", finish=Finish.REFUSED, reason="SAFETY"), ProviderRefused, "SAFETY"),
        (Answer("x", finish=Finish.STOP, reason="stop", refused=True), ProviderRefused, "refused"),
        (Answer("x"), ProviderUnavailable, "no finish reason"),
        (Answer("x", finish=Finish.OTHER, reason="tool_calls"), ProviderError, "tool_calls"),
        (Answer("\n ", finish=Finish.STOP), ProviderError, "empty"),
    ],
)
def test_any_other_answer_is_an_error_that_keeps_the_bill(
    answer: Answer, kind: type[ProviderError], words: str
) -> None:
    answer.usage = Usage(asked=1000, answered=100)
    with pytest.raises(kind, match=words) as caught:
        result_of(answer, prompt(), SETTINGS)
    assert type(caught.value) is kind
    assert (caught.value.tokens, caught.value.cost) == (1100, pytest.approx(0.0045))


def test_an_answer_without_code_says_so_and_keeps_its_words_and_its_bill() -> None:
    error = SourceInvalid(line=1, problem="prose")
    answer = Answer("Sure!" + "x" * 20_000, finish=Finish.STOP, usage=Usage(asked=1000, answered=100))
    result = result_of(answer, prompt(error), SETTINGS)
    assert result.unread == Failure("code_invalid", {"line": 1, "problem": "prose"})
    assert result.source.code.startswith("Sure!")
    assert len(result.source.code) == 8000
    assert result.cost == pytest.approx(0.0045)


def test_an_answer_does_not_grow_without_end() -> None:
    answer = Answer()
    answer.add("x" * LONGEST)
    with pytest.raises(ProviderError, match="longer than"):
        answer.add("x")


def test_halves_of_characters_can_be_sent() -> None:
    assert sendable("a\ud800b 💡") == "a?b 💡"
