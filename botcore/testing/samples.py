"""Texts as people and attackers send them, and makers of domain values with everything filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from botcore.errors import SceneMissing
from botcore.model import (
    GenerationRequest,
    Message,
    Outgoing,
    OutgoingKind,
    Prompt,
    RenderOptions,
    Source,
)

HOSTILE_TEXTS: tuple[str, ...] = (
    "",
    " \n\t ",
    "\x00\x01\x02",
    "solve \x00 x = 1",
    "حل المعادلة x + 1 = 2",
    "\u202egnp.exe evil\u202c",
    "👩‍👩‍👧‍👦" * 50,
    "e\u0301" * 200,
    "'; DROP TABLE jobs; --",
    "{0.__class__.__mro__} %s %(x)s ${HOME} {{ 7*7 }}",
    "__import__('os').system('true')",
    '"""' + "'''" + "\\" * 99,
    "(" * 3000,
    "x" + "^2" * 1500,
    "9" * 4000,
    "9**9**9**9",
    "solve " + "x+" * 2000 + "x = 0",
    "\n".join("-" * 10 for _ in range(400)),
    "\ud800 lonely surrogate",
)
"""None of these may do more harm than one clear error."""

_numbers = count(1)


def make_message(
    text: str = "solve x^2 - 5x + 6 = 0", *, platform: str = "test", user: str = "u1"
) -> Message:
    """A message with an id of its own."""
    return Message(
        platform=platform,
        chat_id=f"chat-of-{user}",
        user_id=user,
        message_id=f"m{next(_numbers)}",
        text=text,
        language="en",
        received_at=datetime.now(UTC),
    )


def make_request(
    problem: str = "solve x^2 - 5x + 6 = 0",
    *,
    language: str = "manim",
    options: RenderOptions | None = None,
    deadline: float = 60.0,
) -> GenerationRequest:
    return GenerationRequest(
        problem=problem,
        language=language,
        user_language="en",
        options=options or RenderOptions(),
        deadline=deadline,
    )


def make_prompt(request: GenerationRequest) -> Prompt:
    """What a language model is asked in tests: the problem alone. Its whole answer is the code."""

    def read(answer: str) -> Source:
        if not answer.strip():
            raise SceneMissing
        return Source(request.language, answer, request.problem, request.user_language)

    return Prompt("test-1", "You write code.", (request.problem,), read)


def make_source(code: str, *, language: str = "manim") -> Source:
    return Source(language=language, code=code)


def make_outgoing(
    text: str = "Hello!",
    *,
    platform: str = "test",
    kind: OutgoingKind = OutgoingKind.TEXT,
    edits: str | None = None,
) -> Outgoing:
    """A message to a person, with an outbox id of its own."""
    return Outgoing(
        id=f"o{next(_numbers)}", platform=platform, chat_id="chat-of-u1", kind=kind, text=text, edits=edits
    )
