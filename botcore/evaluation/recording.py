"""Answers of models in files: one JSON for each call, at ``<folder>/<provider>/<question>.<number>.json``.

An answer is found by the question's id and by which call about it this is, not by the words that were sent:
prompts change more often than answers are worth asking for again. The digest of those words is kept, so that
a replay can say that they have changed. Keys and addresses are in no recording.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from botcore.errors import Handling, ProviderError, ProvidersExhausted, error_classes
from botcore.evaluation.prompts import Question, Questions
from botcore.hooks.descriptors import Factory, PluginConfig, PluginContext
from botcore.llm import Answer, Finish, ModelSettings, Usage, result_of
from botcore.model import GenerationRequest, GenerationResult, Prompt, Source
from botcore.ports import Provider

_SETTINGS = ModelSettings(base_url="http://recorded.invalid", model="recorded")


class Recording(BaseModel):
    """What came of one call. ``error`` is the code of one that failed; ``digest`` that of the words sent;
    ``cost`` in US dollars."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    number: int
    prompt_version: str
    digest: str
    model: str = ""
    answer: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    error: str = ""


@dataclass(slots=True)
class Replayed:
    """What a replay noticed: ``changed`` holds the recordings whose prompt is another one by now, ``missing``
    the calls that nobody recorded."""

    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def recorded_providers(folder: Path) -> list[str]:
    """The names of the providers that have recordings in a folder."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def recording(inner: Factory[Provider], folder: Path, questions: Questions) -> Factory[Provider]:
    """A factory whose provider does what that of ``inner`` does, and writes down what it is told."""

    @asynccontextmanager
    async def factory(config: PluginConfig, context: PluginContext) -> AsyncIterator[Provider]:
        async with inner(config, context) as provider:
            yield _Recorder(provider, folder, questions)

    return factory


def replaying(folder: Path, questions: Questions, noticed: Replayed) -> Factory[Provider]:
    """A factory for a provider that answers from the files of ``folder``."""

    @asynccontextmanager
    async def factory(_config: PluginConfig, _context: PluginContext) -> AsyncIterator[Provider]:
        yield _Replayer(folder, questions, noticed)

    return factory


class _Files:
    """The files of one provider, in the order of its calls."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._calls: Counter[str] = Counter()

    def next(self, question: Question) -> tuple[int, Path]:
        """The number of the next call about a question, and its file."""
        self._calls[question.id] += 1
        number = self._calls[question.id]
        return number, self._folder / f"{question.id}.{number}.json"


class _Recorder:
    def __init__(self, inner: Provider, folder: Path, questions: Questions) -> None:
        self._inner = inner
        self._questions = questions
        self._files = _Files(folder)

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        question, prompt = self._questions.asked(request), request.prompt
        if question is None or prompt is None:
            return await self._inner.generate(request)
        heard: list[str] = []

        def read(answer: str) -> Source:
            heard.append(answer)
            return prompt.read(answer)

        started = perf_counter()
        try:
            result = await self._inner.generate(replace(request, prompt=replace(prompt, read=read)))
        except ProviderError as error:
            if error.handling is not Handling.RETRY:  # else it is asked once more, and that call counts
                self._write(question, prompt, started, error=error.code, cost=error.cost)
            raise
        if heard:  # else it works its answers out, and reads no prompt
            self._write(
                question,
                prompt,
                started,
                model=result.model,
                answer=heard[-1],
                input_tokens=result.input_tokens,
                output_tokens=result.output_tokens,
                cost=result.cost,
            )
        return result

    def _write(self, question: Question, prompt: Prompt, started: float, **what: Any) -> None:
        number, path = self._files.next(question)
        seconds = round(perf_counter() - started, 3)
        record = Recording(
            question=question.id,
            number=number,
            prompt_version=prompt.version,
            digest=digest_of(prompt),
            seconds=seconds,
            **what,
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")


class _Replayer:
    def __init__(self, folder: Path, questions: Questions, noticed: Replayed) -> None:
        self._questions = questions
        self._noticed = noticed
        self._files = _Files(folder)

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        question, prompt = self._questions.asked(request), request.prompt
        if question is None or prompt is None:
            raise ProviderError("nothing of this is recorded")
        number, path = self._files.next(question)
        name = f"{question.id}.{number}"
        try:
            record = Recording.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            self._noticed.missing.append(name)
            raise ProviderError(f"{path.name}: {type(error).__name__}") from None
        if record.prompt_version != prompt.version:
            self._noticed.changed.append(name)
        if record.error:
            raise _error_of(record)
        answer = Answer(
            text=record.answer,
            model=record.model,
            finish=Finish.STOP,
            usage=Usage(asked=record.input_tokens, answered=record.output_tokens),
        )
        return replace(result_of(answer, prompt, _SETTINGS), cost=record.cost)


def digest_of(prompt: Prompt) -> str:
    """Of the words that a model is sent."""
    words = "\0".join((prompt.system, *prompt.turns))
    return hashlib.sha256(words.encode(errors="replace")).hexdigest()[:16]


def _error_of(record: Recording) -> ProviderError:
    error = ProviderError()
    for kind in error_classes(ProviderError):
        if kind.code == record.error and issubclass(kind, ProviderError) and kind is not ProvidersExhausted:
            error = kind()
    error.cost = record.cost
    return error
