"""Asks Gemini. The SDK is imported here."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx2
from google import genai
from google.genai import types

from botcore import Attachment, GenerationRequest, GenerationResult, Prompt
from botcore.errors import ProviderError
from botcore.llm import patience, result_of, sendable
from botcore.llm.http import closing_responses, only_answers, own_timeouts
from botcore_gemini.failures import as_provider_error
from botcore_gemini.plugin import GeminiConfig
from botcore_gemini.reading import read_answer


class GeminiProvider:
    """One model of Google's; any number of calls side by side."""

    def __init__(self, config: GeminiConfig) -> None:
        self._config = config
        self._http = httpx2.AsyncClient(
            event_hooks={"request": [own_timeouts(config)], "response": [only_answers(config)]}
        )
        self._client = genai.Client(
            vertexai=False,  # said, because the environment may say otherwise
            api_key=config.key.get_secret_value(),
            http_options=types.HttpOptions(
                base_url=config.address(),
                api_version=config.api_version,
                # With a client of ours the SDK neither repeats a request by itself nor takes another library.
                httpx_async_client=self._http,
            ),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aio.aclose()
        self._client.close()
        await self._http.aclose()

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        """Ask once. Raises :class:`ProviderError`."""
        if request.prompt is None:
            raise ProviderError("a language model needs a prompt")
        contents = contents_of(request.prompt, request.picture)
        async with patience(self._config, request.deadline) as heard, closing_responses():
            try:
                stream = await self._client.aio.models.generate_content_stream(
                    model=self._config.model, contents=contents, config=self._asking(request.prompt)
                )
                answer = await read_answer(stream, heard)
            except ProviderError:
                raise
            except Exception as error:  # noqa: BLE001  # whatever a server makes the SDK raise is its fault
                # Not “from”: the SDK's error holds what the server wrote.
                raise as_provider_error(error, self._config) from None
        return result_of(answer, request.prompt, self._config)

    def _asking(self, prompt: Prompt) -> types.GenerateContentConfig:
        return types.GenerateContentConfig(
            system_instruction=sendable(prompt.system),
            max_output_tokens=self._config.max_tokens,
            temperature=self._config.temperature,
            automatic_continuation=False,  # one call is one call, and has one bill
        )


def contents_of(prompt: Prompt, picture: Attachment | None) -> list[types.ContentUnion]:
    """The turns of a prompt, with the picture beside the first thing the user says."""
    contents: list[types.ContentUnion] = []
    for place, turn in enumerate(prompt.turns):
        parts = [types.Part(text=sendable(turn))]
        if place == 0 and picture is not None:
            if picture.data is None:
                raise ProviderError("the picture was not downloaded")
            parts.append(types.Part.from_bytes(data=picture.data, mime_type=picture.media_type))
        contents.append(types.Content(role="model" if place % 2 else "user", parts=parts))
    return contents
