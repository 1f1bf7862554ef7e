"""Reads a chat completion as it comes. Servers differ and lie: nothing in it is taken for granted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import openai

from botcore.errors import ProviderUnavailable
from botcore.llm import Answer, Finish, Usage
from botcore.llm.http import media_type

_NAME = re.compile(r"[\w.:/@+-]{1,100}", re.ASCII)
_FINISHES = {
    "stop": Finish.STOP,
    "eos_token": Finish.STOP,
    "stop_sequence": Finish.STOP,
    "end_turn": Finish.STOP,
    "length": Finish.LENGTH,
    "max_tokens": Finish.LENGTH,
    "model_length": Finish.LENGTH,
    "content_filter": Finish.REFUSED,
    "refusal": Finish.REFUSED,
    "error": Finish.BROKEN,
    "insufficient_system_resource": Finish.BROKEN,
}


async def read_answer(stream: openai.AsyncStream[object], heard: Callable[[], None]) -> Answer:
    """The whole answer; ``heard`` is called for each piece of it, thinking included.

    Raises :class:`ProviderError` for what is no chat completion.
    """
    answer = Answer()
    if media_type(stream.response) == "application/json":  # a server that does not stream
        _take(answer, json.loads(await stream.response.aread()))
        return answer
    async for chunk in stream:
        if _take(answer, chunk):
            heard()
    return answer


def _take(answer: Answer, chunk: object) -> bool:
    """Add what a chunk brings; whether it brings any words."""
    if not isinstance(chunk, dict) or chunk.get("errors"):
        raise ProviderUnavailable("a piece of the answer is no piece of an answer")
    answer.usage = _usage(chunk) or answer.usage
    answer.model = _name(chunk.get("model")) or answer.model
    choices = chunk.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        return False
    said = choice.get("delta") or choice.get("message")
    said = said if isinstance(said, dict) else {}
    answer.add(_words(said.get("content")))
    if said.get("refusal"):
        answer.refused = True
    if reason := _name(choice.get("finish_reason")):
        answer.finish, answer.reason = _FINISHES.get(reason, Finish.OTHER), reason
    return bool(said.get("content") or said.get("reasoning_content") or said.get("reasoning"))


def _words(content: object) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(_words(part.get("text")) for part in content if isinstance(part, dict))
    return ""


def _usage(chunk: dict[str, Any]) -> Usage | None:
    """The tokens, where OpenAI names them, or Groq, or DeepSeek."""
    usage = chunk.get("usage") or _table(chunk.get("x_groq")).get("usage")
    if not isinstance(usage, dict):
        return None
    details = _table(usage.get("prompt_tokens_details"))
    return Usage(
        asked=_count(usage.get("prompt_tokens")),
        answered=_count(usage.get("completion_tokens")),
        cached=_count(details.get("cached_tokens") or usage.get("prompt_cache_hit_tokens")),
    )


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1 << 40 else 0


def _name(value: object) -> str:
    """A name that the server gives, of a model or a reason; empty for what is none, such as a sentence."""
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""
