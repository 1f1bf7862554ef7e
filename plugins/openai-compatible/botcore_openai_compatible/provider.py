"""Asks a server for a chat completion. The SDK is imported here."""

from __future__ import annotations

import base64
from types import TracebackType
from typing import Any, Self

import openai

from botcore import Attachment, GenerationRequest, GenerationResult, Prompt
from botcore.errors import ProviderError
from botcore.llm import patience, result_of, sendable
from botcore.llm.http import closing_responses, only_answers, own_timeouts
from botcore_openai_compatible.failures import as_provider_error
from botcore_openai_compatible.reading import read_answer
from botcore_openai_compatible.service import ChatSettings

_PATH = "/chat/completions"


class ChatProvider:
    """One model on one server; any number of calls side by side."""

    def __init__(self, settings: ChatSettings) -> None:
        self._settings = settings
        key = settings.key.get_secret_value()
        self._client = openai.AsyncOpenAI(
            api_key=key or "none",  # the SDK insists; a server at home does not care
            base_url=settings.address(),
            max_retries=0,  # the chain retries, and knows what time is left
            http_client=openai.DefaultAsyncHttpxClient(
                event_hooks={"request": [own_timeouts(settings)], "response": [only_answers(settings)]}
            ),
        )
        # The SDK takes these from the environment, and they are nobody's business but OpenAI's.
        self._client.organization = self._client.project = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        """Ask once. Raises :class:`ProviderError`."""
        if request.prompt is None:
            raise ProviderError("a language model needs a prompt")
        body = request_body(self._settings, request.prompt, request.picture)
        async with patience(self._settings, request.deadline) as heard, closing_responses():
            try:
                stream = await self._client.post(
                    _PATH, body=body, cast_to=object, stream=True, stream_cls=openai.AsyncStream[object]
                )
                answer = await read_answer(stream, heard)
            except ProviderError:
                raise
            except Exception as error:  # noqa: BLE001  # whatever a server makes the SDK raise is its fault
                # Not “from”: the SDK's error holds the request, and what the server wrote.
                raise as_provider_error(error, self._settings) from None
        return result_of(answer, request.prompt, self._settings)


def request_body(settings: ChatSettings, prompt: Prompt, picture: Attachment | None) -> dict[str, Any]:
    """The request for a prompt, with the picture beside the first thing the user says."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": sendable(prompt.system)}]
    for place, turn in enumerate(prompt.turns):
        content: Any = sendable(turn)
        if place == 0 and picture is not None:
            content = [{"type": "text", "text": content}, _picture_part(picture)]
        messages.append({"role": "assistant" if place % 2 else "user", "content": content})
    body: dict[str, Any] = {
        "model": settings.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        settings.limit_field: settings.max_tokens,
    }
    if settings.temperature is not None:
        body["temperature"] = settings.temperature
    return body | settings.extra


def _picture_part(picture: Attachment) -> dict[str, Any]:
    if picture.data is None:
        raise ProviderError("the picture was not downloaded")
    data = base64.b64encode(picture.data).decode()
    return {"type": "image_url", "image_url": {"url": f"data:{picture.media_type};base64,{data}"}}
