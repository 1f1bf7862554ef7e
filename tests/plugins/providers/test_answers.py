"""What goes to a service, and what comes of its answer."""

from __future__ import annotations

import base64
import json

import pytest

from botcore import Attachment, AttachmentKind
from botcore.errors import ProviderError, ProviderUnavailable
from botcore.testing.model_server import MODEL, ModelServer, Says, Sends
from botcore.testing.samples import make_request
from tests.plugins.providers.models import CASES, PRICES, Case

PNG = b"\x89PNG\r\n\x1a\n not really"
PICTURE = Attachment(AttachmentKind.PICTURE, "image/png", data=PNG)
CODE = 'class Demo(Scene):\r\n    """Ünï — “code” 💡"""\r\n\tpass\n'


async def test_the_answer_comes_whole_with_tokens_and_cost(case: Case, server: ModelServer) -> None:
    server.say(Says(text=CODE, thinking="let me see", asked=1000, answered=300, cached=400))
    async with case.open(server, **PRICES) as ask:
        result = await ask("solve x = 1")
    assert result.source.code == CODE
    assert (result.model, result.finish_reason, result.prompt_version) == (MODEL, "stop", "test-1")
    assert (result.input_tokens, result.output_tokens) == (1000, 300)
    assert result.cost == pytest.approx((600 * 2.0 + 400 * 0.5 + 300 * 10.0) / 1e6)


@pytest.mark.parametrize(
    "shape", [{"line_end": "\r\n"}, {"plain": True}, {"pieces": 1}, {"pieces": 500}], ids=str
)
async def test_an_answer_may_come_in_any_shape(
    case: Case, server: ModelServer, shape: dict[str, object]
) -> None:
    server.say(Says(text=CODE, **shape))  # type: ignore[arg-type]  # the fields of an answer
    async with case.open(server) as ask:
        result = await ask()
    assert (result.source.code, result.input_tokens) == (CODE, 120)


async def test_the_whole_prompt_is_asked_with_the_limits_of_the_settings(
    case: Case, server: ModelServer
) -> None:
    turns = ("Draw a circle.", "class A: pass", "Make it red.")
    async with case.open(server, max_tokens=77, temperature=0.25) as ask:
        result = await ask(turns=turns)
    (asked,) = server.asked
    assert result.source.code == "Make it red."
    places = [asked.text.index(json.dumps(text)) for text in turns]
    assert places == sorted(places)
    assert json.dumps("You write code.") in asked.text
    assert "77" in asked.text
    assert "0.25" in asked.text


async def test_a_temperature_that_is_not_set_is_left_to_the_model(case: Case, server: ModelServer) -> None:
    async with case.open(server) as ask:
        await ask()
    assert "temperature" not in server.asked[0].text


async def test_a_picture_goes_with_the_first_thing_that_is_said(case: Case, server: ModelServer) -> None:
    async with case.open(server) as ask:
        await ask("what is it?", picture=PICTURE, turns=("what is it?", "a square", "and now?"))
    body = server.asked[0].body
    first, *_, last = body["contents"] if case.service == "gemini" else body["messages"][1:]
    assert base64.b64encode(PNG).decode() in json.dumps(first)
    assert "image/png" in json.dumps(first)
    assert "image/png" not in json.dumps(last)


async def test_a_picture_that_was_not_downloaded_is_an_error(case: Case, server: ModelServer) -> None:
    async with case.open(server) as ask:
        with pytest.raises(ProviderError, match="not downloaded"):
            await ask(picture=Attachment(AttachmentKind.PICTURE, "image/png", reference="f1"))
    assert server.asked == []


async def test_nothing_is_asked_without_a_prompt(case: Case, server: ModelServer) -> None:
    async with case.open(server) as ask:
        with pytest.raises(ProviderError, match="prompt"):
            await ask.bare(make_request())
    assert server.asked == []


async def test_what_the_environment_says_to_an_sdk_goes_to_nobody(
    case: Case, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "GOOGLE_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.setenv(name, "of-somebody-else")
    for name in ("OPENAI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/of-somebody-else")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    async with case.open(server) as ask:
        await ask()
    assert "of-somebody-else" not in str(server.asked)


async def test_a_sentence_is_neither_a_model_nor_a_reason(server: ModelServer) -> None:
    chat = next(case for case in CASES if case.name == "openai")
    said = {"delta": {"content": "half"}, "finish_reason": "because the student asked"}
    chunk = json.dumps({"model": "the student's own words", "choices": [said]})
    server.say(Sends(f"data: {chunk}\n\n".encode()))
    async with chat.open(server) as ask:
        with pytest.raises(ProviderUnavailable, match="no finish reason") as caught:
            await ask()
    assert "student" not in caught.value.detail
