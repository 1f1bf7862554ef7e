"""A photo from a phone to the video: real adapters, real providers, and a server that looks at what comes."""

from __future__ import annotations

import base64
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from botcore.hooks.descriptors import NoConfig, PluginContext, ProviderDescriptor
from botcore.ports import Provider
from botcore.testing.model_server import Asked, Fails, ModelServer, Says
from botcore.testing.telegram_server import TelegramServer
from botcore.testing.whatsapp_server import WhatsAppServer
from tests.adapters.telegram import ground as telegram_ground
from tests.adapters.whatsapp import ground as whatsapp_ground
from tests.core.intake.test_picture_formats import picture
from tests.plugins.providers.models import CASES

PROBLEM = "solve x^2 - 5x + 6 = 0"
YES = "Yes, make the video"
WEIGHT = random.Random(7).randbytes(40_000)  # noqa: S311  # a repeatable test
PHOTO = picture("JPEG", exif=b"Exif\x00\x00" + WEIGHT)
"""As heavy as a small photo, so that a piece that was lost would be missed."""


@pytest_asyncio.fixture
async def models() -> AsyncIterator[ModelServer]:
    async with ModelServer() as running:
        yield running


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest_asyncio.fixture
async def whatsapp() -> AsyncIterator[WhatsAppServer]:
    async with WhatsAppServer() as running:
        yield running


def provider_of(server: ModelServer, name: str, *, priority: int = 0) -> ProviderDescriptor:
    """A real provider that takes pictures, pointed at the server."""
    (case,) = [case for case in CASES if case.name == name]
    descriptor, config = case.described(case.config(server, pictures=True, priority=priority))

    @asynccontextmanager
    async def factory(_config: object, context: PluginContext) -> AsyncIterator[Provider]:
        async with descriptor.factory(config, context) as provider:
            yield provider

    return replace(descriptor, factory=factory, config=NoConfig, family=None)


def pictures_in(asked: Asked) -> list[tuple[str, bytes]]:
    """The pictures of a request, as the service takes them."""
    if asked.service == "gemini":
        parts = [part for content in asked.body["contents"] for part in content["parts"]]
        inline = [part["inlineData"] for part in parts if "inlineData" in part]
        # Google takes either spelling of a field; its SDK has changed its mind before.
        kinds = [one.get("mime_type") or one["mimeType"] for one in inline]
        return [
            (kind, base64.urlsafe_b64decode(one["data"])) for kind, one in zip(kinds, inline, strict=True)
        ]
    contents = [message["content"] for message in asked.body["messages"]]
    urls = [
        part["image_url"]["url"]
        for content in contents
        if isinstance(content, list)
        for part in content
        if part["type"] == "image_url"
    ]
    split = [url.removeprefix("data:").split(";base64,") for url in urls]
    return [(kind, base64.b64decode(data, validate=True)) for kind, data in split]


@pytest.mark.parametrize("name", ["openai", "gemini"])
async def test_a_photo_on_telegram_is_read_whole_confirmed_and_drawn(
    telegram: TelegramServer, models: ModelServer, tmp_path: Path, name: str
) -> None:
    models.say(Says(text=f"```\r\n{PROBLEM}\r\n```"))
    async with telegram_ground.running_bot(telegram, tmp_path, provider_of(models, name)):
        telegram.people.send_photo(PHOTO, caption="the upper one")
        await telegram.until(telegram.texts)
        assert f"\n{PROBLEM}\n" in telegram.texts()[0]
        telegram.people.press(YES)
        await telegram.until(telegram.videos)
    assert telegram.videos() == [f"draw {PROBLEM!r}".encode()], "the exact provider solved what was read"
    (asked,) = models.asked
    assert pictures_in(asked) == [("image/jpeg", PHOTO)]
    assert "the upper one" in asked.text


async def test_a_photo_on_whatsapp_is_read_whole_confirmed_and_drawn(
    whatsapp: WhatsAppServer, models: ModelServer, tmp_path: Path
) -> None:
    models.say(Says(text=PROBLEM))
    async with whatsapp_ground.running_bot(whatsapp, tmp_path, provider_of(models, "openai")):
        whatsapp.people.send_file("photo", PHOTO, "image/jpeg")
        await whatsapp.until(whatsapp.texts)
        (question,) = whatsapp.shown()
        assert [option.label for option in question.options] == [YES, "No"]
        whatsapp.people.tap(YES)
        await whatsapp.until(whatsapp.videos)
    assert whatsapp.videos() == [f"draw {PROBLEM!r}".encode()]
    assert pictures_in(models.asked[0]) == [("image/jpeg", PHOTO)]


async def test_when_the_first_provider_is_down_the_next_one_reads(
    telegram: TelegramServer, models: ModelServer, tmp_path: Path
) -> None:
    def answer(asked: Asked) -> Says | Fails:
        return Fails(402, "insufficient_quota") if asked.service == "gemini" else Says(text=PROBLEM)

    models.answer = answer
    parts = provider_of(models, "gemini", priority=9), provider_of(models, "openai")
    async with telegram_ground.running_bot(telegram, tmp_path, *parts):
        telegram.people.send_file("scan.png", picture("PNG"), "image/png")
        await telegram.until(telegram.texts)
        assert PROBLEM in telegram.texts()[0]
    assert [asked.service for asked in models.asked] == ["gemini", "openai"]


async def test_a_picture_without_a_problem_and_a_provider_that_is_down_are_told_apart(
    telegram: TelegramServer, models: ModelServer, tmp_path: Path
) -> None:
    async with telegram_ground.running_bot(telegram, tmp_path, provider_of(models, "openai")):
        models.say(Says(text="NONE"))
        telegram.people.send_photo(PHOTO)
        await telegram.until(lambda: any("I see no problem" in said for said in telegram.texts()))
        models.say(Fails(401, "invalid_api_key"))
        telegram.people.send_photo(PHOTO)
        await telegram.until(
            lambda: any("cannot read pictures at the moment" in said for said in telegram.texts())
        )
    assert telegram.videos() == []
