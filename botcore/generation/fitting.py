"""Which provider could serve a request at all, and what that may use."""

from __future__ import annotations

from botcore.hooks.descriptors import ProviderDescriptor
from botcore.model import GenerationRequest, Spending

_BYTES = 3
"""Of UTF-8 for one token: code and English have more, so that this estimate is on the safe side."""
_PICTURE = 1500
"""Tokens of a picture."""
_SCENE = 2000
"""Tokens of a usual scene: where there is no room for so many, no whole answer will come."""
_ANSWER = 16_000
"""Tokens of the longest answer of a provider that does not say how many it may write."""


def fits(descriptor: ProviderDescriptor, request: GenerationRequest) -> bool:
    """Whether the provider writes this language, reads pictures if there is one, and takes so much text."""
    if descriptor.languages and request.language not in descriptor.languages:
        return False
    if not descriptor.languages and request.prompt is None:
        return False
    if descriptor.exact and request.change is not None:
        return False  # it computes answers; what people wish of a picture it cannot know
    if descriptor.context and question_tokens(request) + _SCENE > descriptor.context:
        return False
    return request.picture is None or descriptor.pictures


def question_tokens(request: GenerationRequest) -> int:
    """About how many tokens a language model is asked; 0 without a prompt."""
    if request.prompt is None:
        return 0
    words = (request.prompt.system, *request.prompt.turns)
    size = sum(len(text.encode(errors="replace")) for text in words)
    return size // _BYTES + 1 + (_PICTURE if request.picture is not None else 0)


def asked(descriptor: ProviderDescriptor, request: GenerationRequest) -> Spending:
    """About what it takes to ask: what a call used that ended without an account of it."""
    tokens = question_tokens(request)
    return Spending(tokens, tokens * descriptor.price_in / 1_000_000)


def most(descriptor: ProviderDescriptor, request: GenerationRequest) -> Spending:
    """About what one call uses at most."""
    answered = descriptor.max_tokens or _ANSWER
    return asked(descriptor, request) + Spending(answered, answered * descriptor.price_out / 1_000_000)
