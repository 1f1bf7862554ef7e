"""Reads what Gemini says as it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from google.genai import types

from botcore.llm import Answer, Finish, Usage

_FINISHES = {
    "STOP": Finish.STOP,
    "MAX_TOKENS": Finish.LENGTH,
    "SAFETY": Finish.REFUSED,
    "RECITATION": Finish.REFUSED,
    "BLOCKLIST": Finish.REFUSED,
    "PROHIBITED_CONTENT": Finish.REFUSED,
    "SPII": Finish.REFUSED,
    "MODEL_ARMOR": Finish.REFUSED,
    "MALFORMED_RESPONSE": Finish.BROKEN,
}


async def read_answer(
    stream: AsyncIterator[types.GenerateContentResponse], heard: Callable[[], None]
) -> Answer:
    """The whole answer; ``heard`` is called for each piece of it, thinking included."""
    answer = Answer()
    async for chunk in stream:
        if _take(answer, chunk):
            heard()
    return answer


def _take(answer: Answer, chunk: types.GenerateContentResponse) -> bool:
    """Add what a chunk brings; whether it brings any words."""
    if chunk.usage_metadata is not None:
        answer.usage = _usage(chunk.usage_metadata)
    answer.model = chunk.model_version or answer.model
    if chunk.prompt_feedback is not None and chunk.prompt_feedback.block_reason is not None:
        answer.refused, answer.reason = True, chunk.prompt_feedback.block_reason.value
    candidate = chunk.candidates[0] if chunk.candidates else None
    if candidate is None:
        return False
    parts = (candidate.content.parts if candidate.content is not None else None) or []
    for part in parts:
        if not part.thought:
            answer.add(part.text or "")
    if candidate.finish_reason is not None:
        reason = candidate.finish_reason.value
        answer.finish, answer.reason = _FINISHES.get(reason, Finish.OTHER), reason
    return any(part.text for part in parts)


def _usage(counted: types.GenerateContentResponseUsageMetadata) -> Usage:
    """The tokens. Google bills thoughts as it bills answers."""
    return Usage(
        asked=max(0, counted.prompt_token_count or 0),
        answered=max(0, counted.candidates_token_count or 0) + max(0, counted.thoughts_token_count or 0),
        cached=max(0, counted.cached_content_token_count or 0),
    )
