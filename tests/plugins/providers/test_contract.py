"""Every language model keeps the contract of providers, with the real SDK and a local server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from botcore import Provider, ProviderDescriptor
from botcore.testing.contracts import ProviderContract
from botcore.testing.model_server import KEY, MODEL, ModelServer
from tests.plugins.providers.models import CASES, Case

BY_NAME = {case.name: case for case in CASES}


def described(name: str) -> ProviderDescriptor:
    """As it is registered; the address is filled in when it is opened."""
    case = BY_NAME[name]
    values: dict[str, Any] = {"model": MODEL, "key": KEY, "base_url": "http://127.0.0.1:9"}
    return case.described({"endpoints": {"home": values}} if name == "openai-compatible" else values)[0]


class LanguageModel(ProviderContract):
    __test__ = False

    problems = ("solve x^2 = 4", "Draw a circle.\r\nThen a square.")
    case: ClassVar[Case]

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator[Provider]:
        async with ModelServer() as server:
            self.config = self.case.config(server)  # type: ignore[misc]  # the address is known only now
            async with super().opened(folder) as provider:
                yield provider


class TestOpenAI(LanguageModel):
    __test__ = True
    case = BY_NAME["openai"]
    descriptor = described("openai")


class TestGroq(LanguageModel):
    __test__ = True
    case = BY_NAME["groq"]
    descriptor = described("groq")


class TestDeepSeek(LanguageModel):
    __test__ = True
    case = BY_NAME["deepseek"]
    descriptor = described("deepseek")


class TestHuggingFace(LanguageModel):
    __test__ = True
    case = BY_NAME["huggingface"]
    descriptor = described("huggingface")


class TestCloudflare(LanguageModel):
    __test__ = True
    case = BY_NAME["cloudflare"]
    descriptor = described("cloudflare")


class TestOpenAICompatible(LanguageModel):
    __test__ = True
    case = BY_NAME["openai-compatible"]
    descriptor = described("openai-compatible")


class TestGemini(LanguageModel):
    __test__ = True
    case = BY_NAME["gemini"]
    descriptor = described("gemini")
