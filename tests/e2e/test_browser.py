"""A person with a phone: the link from the chat in a real browser, from the first look to the last."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Route, async_playwright, expect

from botcore.app import App, Role, open_app
from botcore.hooks.descriptors import AdapterDescriptor, RendererDescriptor
from botcore.model import (
    Artifact,
    Capabilities,
    MediaLimit,
    Message,
    OutgoingKind,
    RenderOptions,
    Source,
    Status,
)
from botcore.ports import Progress, RenderLimits
from botcore.state.models import VideoRow
from botcore.testing.doubles import ChatAdapter, made_by
from botcore.web.server import serving
from tests.core.surface import detect_drawing, eventually, host_of, settings_for
from tests.e2e.conftest import Machine, probe
from tests.ports import free_port

CHROMIUM = "/usr/bin/chromium"
SCENE = """\
from manim import *

class Demo(Scene):
    def construct(self):
        square = Square(color=BLUE, fill_opacity=0.6)
        self.play(Create(square), run_time=2)
        self.play(square.animate.rotate(PI / 2), run_time=3)
        self.play(FadeOut(square), run_time=1)
"""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
"""What Playwright is told of an ordinary phone."""
SECONDS = 120_000
"""Milliseconds that the browser may take for one step on a busy machine."""


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small real video, drawn once."""
    machine = Machine(tmp_path_factory.mktemp("film"))
    machine.write("scene.py", SCENE)
    done = machine.run("render", "scene.py", "-o", "film.mp4", "--quality", "low")
    assert done.code == 0, done.err
    path = machine.folder / "film.mp4"
    assert probe(path).codec == "h264"
    return path


@dataclass
class Projector:
    """A renderer that gives the same film whatever is asked."""

    film: Path

    async def render(
        self, source: Source, options: RenderOptions, limits: RenderLimits, out: Path, progress: Progress
    ) -> Artifact:
        seen = probe(self.film)
        path = out / "film.mp4"
        await asyncio.to_thread(shutil.copyfile, self.film, path)
        size = self.film.stat().st_size  # one look at a local disk
        return Artifact(path, "video/mp4", size, seen.duration, seen.width, seen.height)


@dataclass
class Chat:
    """A chat that takes no file as big as the film, and a server that people reach by links."""

    app: App
    adapter: ChatAdapter

    async def link(self, language: str = "en") -> str:
        """Ask for a video; the link that comes."""
        number = len(self.adapter.shown)
        await self.adapter.say(
            Message("test", f"chat{number}", f"user{number}", f"m{number}", "draw it", language=language)
        )

        async def look() -> str | None:
            for out in self.adapter.shown.values():
                if out.kind is OutgoingKind.LINK and out.chat_id == f"chat{number}":
                    return out.text
            return None

        found = re.search(r"http://\S+", await eventually(look))
        assert found is not None
        return found[0]

    async def status(self, link: str) -> Status:
        video = await self.app.state.videos.get(link.split("/")[-2])
        assert video is not None
        return (await self.app.state.jobs.get(video.job_id)).status


@pytest_asyncio.fixture
async def chat(tmp_path: Path, film: Path) -> AsyncIterator[Chat]:
    port = free_port()
    settings = settings_for(
        tmp_path,
        web={"port": port, "public_url": f"http://127.0.0.1:{port}"},
        video={"grace": 0.0},
    )
    adapter = ChatAdapter()
    can = Capabilities(media=(MediaLimit("video/*", 1000),), edit_text=True)
    renderer = RendererDescriptor(
        name="projector",
        language="flat",
        title="Projector",
        detect=detect_drawing,
        factory=made_by(lambda: Projector(film)),
    )
    platform = AdapterDescriptor(name="test", capabilities=can, factory=made_by(lambda: adapter))
    host = host_of(settings, platform, parts=[renderer])
    async with (
        open_app(settings, Role("serve", terminal=False), host=host) as app,
        app.working(),
        serving(app, asyncio.Event()),
    ):
        yield Chat(app, adapter)


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        await running.close()


async def phone(browser: Browser, **more: Any) -> Page:
    """A browser that nobody used before."""
    context = await browser.new_context(**PHONE, **more)
    context.set_default_timeout(SECONDS)
    return await context.new_page()


async def open_link(page: Page, link: str) -> int:
    answer = await page.goto(link)
    assert answer is not None
    return answer.status


async def played(page: Page, seconds: float) -> None:
    """Wait until the video has got so far."""
    await page.wait_for_function(
        "after => document.querySelector('video').currentTime > after", arg=seconds, timeout=SECONDS
    )


async def shows_a_picture(page: Page) -> bool:
    """Whether the video has a frame to show, by the browser's own account (HTMLMediaElement.readyState)."""
    return bool(await page.locator("video").evaluate("film => film.readyState >= film.HAVE_CURRENT_DATA"))


async def photograph(page: Page, folder: Path, name: str) -> None:
    """For the eyes of whoever works on the page."""
    await page.screenshot(path=folder / f"{name}.png")


def complains(line: ConsoleMessage) -> bool:
    """Whether the page did something that its policy or the server does not like."""
    return line.type == "error" and "favicon" not in line.location["url"]


async def test_a_video_is_watched_once_from_the_link_in_the_chat(
    chat: Chat, browser: Browser, tmp_path: Path
) -> None:
    link = await chat.link()
    page, stranger = await phone(browser), await phone(browser)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if complains(line) else None)

    # Looking costs nothing, whoever looks.
    for visitor in (page, stranger):
        assert await open_link(visitor, link) == 200
        await expect(visitor.get_by_role("heading", name="Your video is ready.")).to_be_visible()
    assert await chat.status(link) is Status.READY
    await photograph(page, tmp_path, "offer")

    await page.get_by_role("button", name="Watch now").click()
    await played(page, 0.5)
    await expect(page.locator("video")).to_be_focused()  # for those who press keys
    await photograph(page, tmp_path, "playing")
    assert await chat.status(link) is Status.DELIVERED

    await page.evaluate("document.querySelector('video').currentTime = 3")
    await played(page, 3.2)

    assert await open_link(stranger, link) == 410
    await expect(stranger.get_by_role("heading", name="This video is gone.")).to_be_visible()
    await expect(stranger.get_by_text("This video was watched already.")).to_be_visible()
    await photograph(stranger, tmp_path, "gone")

    answer = await page.reload()
    assert answer is not None
    assert answer.status == 200
    await page.evaluate("document.querySelector('video').play()")
    await played(page, 0.5)
    await photograph(page, tmp_path, "again")

    # Seen to its end, without a grace: the next look is too late, for everybody.
    async with page.expect_response(lambda answer: answer.request.method == "DELETE") as deletion:
        await page.evaluate("document.querySelector('video').currentTime = 5.5")
    assert (await deletion.value).status == 204
    await expect(page.get_by_text("You have seen it to the end.")).to_be_visible()
    await photograph(page, tmp_path, "seen")
    assert problems == []

    assert await open_link(page, link) == 410
    await photograph(page, tmp_path, "over")


async def test_whoever_comes_back_to_the_player_too_late_is_told_so(
    chat: Chat, browser: Browser, tmp_path: Path
) -> None:
    page = await phone(browser)
    assert await open_link(page, await chat.link()) == 200
    await page.get_by_role("button", name="Watch now").click()
    await played(page, 0.5)
    await VideoRow.all().update(taken_until=chat.app.state.db.clock())
    # As when more of a long one is needed; of this short one the browser has all.
    await page.evaluate("document.querySelector('video').src = 'stream?more'")
    await expect(page.get_by_role("heading", name="This video is gone.")).to_be_visible()
    await photograph(page, tmp_path, "late")


async def test_a_video_that_breaks_off_goes_on_where_it_was(chat: Chat, browser: Browser) -> None:
    page = await phone(browser)
    assert await open_link(page, await chat.link()) == 200
    await page.get_by_role("button", name="Watch now").click()
    await played(page, 0.5)
    await page.evaluate("document.querySelector('video').pause()")
    refused: list[str] = []

    async def refuse(route: Route) -> None:
        refused.append(route.request.url)
        await route.fulfill(status=503)

    await page.route(re.compile(r"stream\?more$"), refuse, times=2)
    # As when more of a long one is needed; of this short one the browser has all.
    await page.evaluate(
        "film = document.querySelector('video'); film.src = 'stream?more'; film.currentTime = 3"
    )
    await played(page, 3.2)
    assert len(refused) == 2


async def test_it_is_watched_without_javascript_too(chat: Chat, browser: Browser, tmp_path: Path) -> None:
    link = await chat.link()
    page, stranger = await phone(browser, java_script_enabled=False), await phone(browser)
    assert await open_link(page, link) == 200
    assert await open_link(stranger, link) == 200
    await photograph(page, tmp_path, "offer")

    async with page.expect_response(re.compile("/stream$")) as stream:
        await page.get_by_role("button", name="Watch now").click()
    answer = await stream.value
    assert answer.status in {200, 206}
    assert answer.headers["content-type"] == "video/mp4"
    await page.wait_for_url("**/stream")
    await eventually(lambda: shows_a_picture(page))
    await photograph(page, tmp_path, "file")
    assert await chat.status(link) is Status.DELIVERED

    assert await open_link(page, link) == 200
    await expect(page.locator("video")).to_be_visible()
    await photograph(page, tmp_path, "page")
    # The other one had the page open already.
    await stranger.get_by_role("button", name="Watch now").click()
    await expect(stranger.get_by_text("This video was watched already.")).to_be_visible()
    await photograph(stranger, tmp_path, "late")


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("hi", "ltr")])
async def test_the_page_speaks_the_language_of_the_chat(
    chat: Chat, browser: Browser, tmp_path: Path, language: str, direction: str
) -> None:
    link = await chat.link(language)
    page = await phone(browser, locale="en-US")
    assert await open_link(page, link) == 200
    root = page.locator("html")
    await expect(root).to_have_attribute("lang", language)
    await expect(root).to_have_attribute("dir", direction)
    await expect(page.get_by_role("button")).not_to_have_text("Watch now")
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await photograph(page, tmp_path, "offer")


async def test_times_are_those_of_the_readers_clock(chat: Chat, browser: Browser) -> None:
    link = await chat.link("es")
    video = await chat.app.state.videos.get(link.split("/")[-2])
    assert video is not None
    page = await phone(browser, timezone_id="Asia/Kathmandu")  # 5:45 before UTC
    assert await open_link(page, link) == 200
    here = video.expires_at.astimezone(ZoneInfo("Asia/Kathmandu"))
    await expect(page.locator("time")).to_contain_text(f"{here:%H:%M}")
    await expect(page.locator("time")).not_to_contain_text("UTC")


async def test_a_link_that_is_cut_off_is_explained(chat: Chat, browser: Browser, tmp_path: Path) -> None:
    link = await chat.link()
    page = await phone(browser, locale="es-ES")
    assert await open_link(page, link[:-1]) == 404
    await expect(page.get_by_role("heading", name="Aquí no hay ningún vídeo.")).to_be_visible()
    await photograph(page, tmp_path, "nothing")
