"""What a factory yields is looked at when it is opened: a fault is named by its method, no job meets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from functools import wraps
from typing import Any

import pytest

from botcore.errors import PluginError
from botcore.plugins.yielded import checked
from botcore.testing.doubles import ChatAdapter, EchoProvider, FlatRenderer, MemoryStore, WordValidator


async def fault(kind: str, thing: object) -> str:
    """What is said about a factory that yields ``thing``."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[object]:
        yield thing

    with pytest.raises(PluginError) as caught:
        async with checked(kind, f"{kind} x of plugin y", opened()):
            pass
    assert caught.value.detail.startswith(f"{kind} x of plugin y: ")
    return caught.value.detail


class Sync:
    def generate(self, request: object) -> None: ...


class Short:
    async def generate(self) -> None: ...


class AsyncOpen(MemoryStore):
    async def open(self, *_: object) -> None: ...  # type: ignore[override]  # the fault that is tested


class ByPlace(MemoryStore):
    async def put(self, key: str, path: object, media_type: str) -> None: ...  # type: ignore[override]  # as above


@pytest.mark.parametrize(
    ("kind", "thing", "words"),
    [
        ("provider", None, "yields nothing"),
        ("provider", EchoProvider, "yields the class EchoProvider"),
        ("provider", object(), "object has no method generate(request)"),
        ("provider", Sync(), "Sync.generate(request) is not “async def”"),
        ("provider", Short(), "Short.generate() cannot be called as generate(request)"),
        ("validator", EchoProvider(), "EchoProvider has no method validate(source)"),
        (
            "store",
            AsyncOpen(),
            "AsyncOpen.open(key, start, end, etag) is “async def”, and has to return at once",
        ),
        ("store", ByPlace(), "cannot be called as put(key, path, media_type, expires, job)"),
    ],
)
async def test_what_does_not_fit_is_named_with_its_method(kind: str, thing: object, words: str) -> None:
    assert words in await fault(kind, thing)


def counted(method: Any) -> Any:
    """A decorator as plugins write them: it wraps, and is no “async def” itself."""

    @wraps(method)
    def call(*args: Any) -> Any:
        return method(*args)

    return call


class Decorated(EchoProvider):
    generate = counted(EchoProvider.generate)


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("adapter", ChatAdapter()),
        ("provider", EchoProvider()),
        ("provider", Decorated()),
        ("validator", WordValidator()),
        ("renderer", FlatRenderer()),
        ("store", MemoryStore()),
    ],
)
async def test_what_fits_is_yielded(kind: str, thing: object) -> None:
    @asynccontextmanager
    async def opened() -> AsyncIterator[object]:
        yield thing

    async with checked(kind, "x", opened()) as given:
        assert given is thing


async def forgot_the_decorator(_config: object, _context: object) -> AsyncIterator[object]:
    yield EchoProvider()


async def returns_it(_config: object, _context: object) -> object:
    return EchoProvider()


@contextmanager
def not_async(_config: object, _context: object) -> Any:
    yield EchoProvider()


@pytest.mark.parametrize("factory", [forgot_the_decorator, returns_it, not_async])
async def test_a_factory_without_its_decorator_is_told_to_write_it(factory: Any) -> None:
    made: AbstractAsyncContextManager[object] = factory(None, None)
    with pytest.raises(PluginError, match="write “@asynccontextmanager”"):
        async with checked("provider", "provider x of plugin y", made):
            pass
