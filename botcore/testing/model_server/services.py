"""The services: their addresses, how they take the key, and the shapes of what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from botcore.testing.model_server.replies import Says

Json = dict[str, Any]


class Service:
    """OpenAI itself; others differ in some of it."""

    name = "openai"
    base = "/openai/v1"
    path = re.compile(r"/chat/completions")

    def key_of(self, request: web.Request) -> str:
        """The key that came with a request."""
        return request.headers.get("Authorization", "").removeprefix("Bearer ")

    def model_of(self, request: web.Request, body: Json) -> str:
        """The model that is asked for."""
        return str(body.get("model"))

    def streams(self, request: web.Request, body: Json) -> bool:
        """Whether the answer is to come in a stream."""
        return body.get("stream") is True

    def fault_of(self, body: Json) -> str:
        """What the service would call wrong in a request; empty when nothing is."""
        messages = body.get("messages")
        if not isinstance(messages, list) or not messages:
            return "messages: at least one is needed"
        if any(message.get("role") not in {"system", "user", "assistant"} for message in messages):
            return "messages: an unknown role"
        return "" if messages[-1]["role"] == "user" else "messages: the last one must be the user's"

    def error(self, status: int, code: str, message: str) -> Json:
        """The body of an error."""
        return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}

    def chunks(self, says: Says, model: str, asked: Json) -> list[Json]:
        """The pieces of a stream."""
        deltas: list[Json] = [{"role": "assistant", "content": ""}]
        deltas += [{self.thinking: says.thinking}] if says.thinking else []
        deltas += [{"refusal": says.refusal}] if says.refusal else []
        deltas += [{"content": piece} for piece in says.split()]
        chunks = [self._chunk(model, {"index": 0, "delta": delta, "finish_reason": None}) for delta in deltas]
        chunks.append(self._chunk(model, {"index": 0, "delta": {}, "finish_reason": says.finish}))
        return [*chunks, *self._usage_chunks(says, model, asked)]

    def whole(self, says: Says, model: str) -> Json:
        """The answer in one piece."""
        message: Json = {"role": "assistant", "content": says.text, "refusal": says.refusal or None}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": model,
            "choices": [{"index": 0, "message": message, "finish_reason": says.finish}],
            "usage": self.usage(says),
        }

    thinking = "reasoning_content"
    last = "[DONE]"
    """What ends a stream; empty: nothing."""

    def usage(self, says: Says) -> Json:
        """The tokens."""
        return {
            "prompt_tokens": says.asked,
            "completion_tokens": says.answered,
            "total_tokens": says.asked + says.answered,
            "prompt_tokens_details": {"cached_tokens": says.cached},
        }

    def _chunk(self, model: str, *choices: Json) -> Json:
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": model,
            "choices": list(choices),
        }

    def _usage_chunks(self, says: Says, model: str, asked: Json) -> list[Json]:
        if not (asked.get("stream_options") or {}).get("include_usage"):
            return []
        return [self._chunk(model) | {"usage": self.usage(says)}]


class Groq(Service):
    """Names the tokens in a field of its own."""

    name = "groq"
    base = "/groq/openai/v1"
    thinking = "reasoning"

    def _usage_chunks(self, says: Says, model: str, asked: Json) -> list[Json]:
        return [self._chunk(model) | {"x_groq": {"id": "req_1", "usage": self.usage(says)}}]


class DeepSeek(Service):
    """Counts what its cache knew in fields of its own, and has no version in its address."""

    name = "deepseek"
    base = "/deepseek"

    def usage(self, says: Says) -> Json:
        counted = super().usage(says)
        del counted["prompt_tokens_details"]
        return counted | {
            "prompt_cache_hit_tokens": says.cached,
            "prompt_cache_miss_tokens": says.asked - says.cached,
        }


class HuggingFace(Service):
    """Its errors are a sentence."""

    name = "huggingface"
    base = "/huggingface/v1"

    def error(self, status: int, code: str, message: str) -> Json:
        return {"error": f"{message} ({code})"}


class Cloudflare(Service):
    """Has the account in its address, and a list of errors."""

    name = "cloudflare"
    base = "/cloudflare/client/v4/accounts/acc0unt/ai/v1"

    def error(self, status: int, code: str, message: str) -> Json:
        number = {401: 10000, 404: 5007, 429: 3036 if "quota" in code else 3040}.get(status, 3000)
        return {
            "success": False,
            "result": None,
            "errors": [{"code": number, "message": message}],
            "messages": [],
        }


class Gemini(Service):
    """Google's own API."""

    name = "gemini"
    base = "/gemini"
    path = re.compile(r"/v1(?:beta)?/models/(?P<model>[^/:]+):(?:streamGenerateContent|generateContent)")
    last = ""
    _finishes: Mapping[str, str] = {
        "stop": "STOP",
        "length": "MAX_TOKENS",
        "content_filter": "SAFETY",
        "tool_calls": "UNEXPECTED_TOOL_CALL",
    }
    _statuses: Mapping[int, str] = {
        400: "INVALID_ARGUMENT",
        401: "UNAUTHENTICATED",
        403: "PERMISSION_DENIED",
        404: "NOT_FOUND",
        429: "RESOURCE_EXHAUSTED",
        500: "INTERNAL",
        503: "UNAVAILABLE",
    }

    def key_of(self, request: web.Request) -> str:
        return request.headers.get("x-goog-api-key", "")

    def model_of(self, request: web.Request, body: Json) -> str:
        found = self.path.fullmatch(request.path.removeprefix(self.base))
        return found["model"] if found else ""

    def streams(self, request: web.Request, body: Json) -> bool:
        return ":streamGenerateContent" in request.path

    def fault_of(self, body: Json) -> str:
        contents = body.get("contents")
        if not isinstance(contents, list) or not contents:
            return "contents is not specified"
        return "" if contents[-1].get("role") == "user" else "the last content must be the user's"

    def error(self, status: int, code: str, message: str) -> Json:
        if status == 401:  # so Google answers to a key that it does not know
            status, code, message = 400, "API_KEY_INVALID", "API key not valid. " + message
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": code}]
        return {
            "error": {
                "code": status,
                "message": message,
                "status": self._statuses.get(status, "UNKNOWN"),
                "details": details,
            }
        }

    def chunks(self, says: Says, model: str, asked: Json) -> list[Json]:
        if says.refusal:
            return [
                {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": self.usage(says)}
            ]
        parts: list[Json] = [{"text": says.thinking, "thought": True}] if says.thinking else []
        parts += [{"text": piece} for piece in says.split()]
        chunks = [self._piece(model, [part]) for part in parts]
        finish = self._finishes.get(says.finish, says.finish)
        last = self._piece(model, [], finish=finish) | {"usageMetadata": self.usage(says)}
        return [*chunks, last]

    def whole(self, says: Says, model: str) -> Json:
        finish = self._finishes.get(says.finish, says.finish)
        return self._piece(model, [{"text": says.text}], finish=finish) | {"usageMetadata": self.usage(says)}

    def usage(self, says: Says) -> Json:
        thoughts = says.answered // 2 if says.thinking else 0
        return {
            "promptTokenCount": says.asked,
            "candidatesTokenCount": says.answered - thoughts,
            "thoughtsTokenCount": thoughts,
            "cachedContentTokenCount": says.cached,
            "totalTokenCount": says.asked + says.answered,
        }

    def _piece(self, model: str, parts: list[Json], **candidate: str) -> Json:
        shown = {"content": {"role": "model", "parts": parts}, "index": 0}
        shown |= {f"{name}Reason": value for name, value in candidate.items()}
        return {"candidates": [shown], "modelVersion": model}


SERVICES: Mapping[str, Service] = {
    service.name: service
    for service in (Service(), Groq(), DeepSeek(), HuggingFace(), Cloudflare(), Gemini())
}
"""By name."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request went."""

    service: Service
    path: str


def find(path: str) -> Address | None:
    """The service at an address, or None where there is nothing."""
    for service in SERVICES.values():
        rest = path.removeprefix(service.base)
        if rest != path and service.path.fullmatch(rest):
            return Address(service, rest)
    return None
