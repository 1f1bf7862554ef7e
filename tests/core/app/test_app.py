"""The composition root: what fits together starts, what does not says why, and roles keep to their own."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

import pytest

from botcore.app import App, Role, check_parts, open_app, prepare_data_dir
from botcore.engine import DataDirLock
from botcore.errors import ConfigError, DataDirInUse, EnvironmentFault, UnknownPlugin
from botcore.hooks.descriptors import AdapterDescriptor
from botcore.intake.routing import Submitted
from botcore.intake.submission import Place
from botcore.model import Capabilities, Job, JobKind, Outgoing, Sent, Status
from botcore.ports import Receive
from botcore.telemetry import configure_logging
from botcore.testing.doubles import ChatAdapter, made_by
from tests.core.surface import (
    chat_platform,
    ended,
    eventually,
    host_of,
    settings_for,
    small_parts,
    working_app,
)

PATIENCE = 60.0


async def submit(app: App, text: str, kind: JobKind = JobKind.CODE) -> Job:
    session = await app.state.sessions.of("web", "somebody", options=app.options)
    job, _ = await app.submissions.submit(
        session,
        Place("web", "somebody", announce=False),
        Submitted(kind, text),
        options=app.options,
        language="en",
    )
    return job


async def test_a_render_beside_a_serve_takes_none_of_its_jobs(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    serve = Role("serve", terminal=False, limited=False)
    async with open_app(settings, serve, host=host_of(settings)) as app:
        theirs = [await submit(app, f"draw {number}") for number in range(5)]
    async with working_app(settings, role=Role("render:1", limited=False)) as app:
        ours = await submit(app, "draw mine")
        assert (await ended(app, ours.id)).status is Status.READY
        for job in theirs:
            assert (await app.state.jobs.get(job.id)).status is Status.QUEUED
    async with working_app(settings, role=serve) as app:
        for job in theirs:
            assert (await ended(app, job.id)).status is Status.READY


async def test_a_restarted_server_finishes_what_was_left(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    serve = Role("serve", terminal=False)
    async with open_app(settings, serve, host=host_of(settings)) as app:
        job = await submit(app, "draw it")
    async with working_app(settings, role=serve) as app:
        assert (await ended(app, job.id)).status is Status.READY


async def test_one_server_per_data_folder(tmp_path: Path) -> None:
    with DataDirLock(tmp_path):
        with pytest.raises(DataDirInUse) as caught, DataDirLock(tmp_path):
            pass
        assert str(tmp_path) in caught.value.message
    with DataDirLock(tmp_path):
        pass


async def test_without_a_renderer_nothing_starts_and_the_remedy_is_named(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    with pytest.raises(EnvironmentFault) as caught:
        async with open_app(settings, Role("serve"), host=host_of(settings, parts=[])):
            pass
    assert "pip install" in caught.value.message


async def test_of_several_renderers_one_has_to_be_chosen(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    flat = next(part for part in small_parts() if part.kind == "renderer")
    other = type(flat)(**{**vars(flat), "name": "other"})
    with pytest.raises(ConfigError) as caught:
        check_parts(settings, host_of(settings, other))
    assert "flat, other" in caught.value.message
    chosen = settings.model_copy(update={"renderer": "other"})
    assert check_parts(chosen, host_of(chosen, other)) == "other"


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("renderer", "nothing", "flat"),
        ("store", "nothing", "local"),
        ("engine", "nothing", "embedded"),
        ("providers", ("echo", "nothing"), "echo"),
    ],
)
async def test_a_setting_that_names_nothing_lists_what_there_is(
    tmp_path: Path, setting: str, value: object, named: str
) -> None:
    settings = settings_for(tmp_path, **{setting: value})
    with pytest.raises(UnknownPlugin) as caught:
        async with open_app(settings, Role("serve"), host=host_of(settings)):
            pass
    assert "nothing" in caught.value.message
    assert named in caught.value.message


async def test_the_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = prepare_data_dir(settings_for(tmp_path))
    assert folder.stat().st_mode & 0o077 == 0


async def test_a_data_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file is in the way")
    with pytest.raises(EnvironmentFault) as caught:
        prepare_data_dir(settings_for(tmp_path))
    assert "data_dir" in caught.value.message


class Flaky(ChatAdapter):
    """Breaks the first time that it runs."""

    def __init__(self) -> None:
        super().__init__("flaky")
        self.runs = 0
        self.recovered = asyncio.Event()

    async def run(self, receive: Receive) -> None:
        self.runs += 1
        if self.runs == 1:
            raise OSError("the platform hung up")
        self.recovered.set()
        await super().run(receive)


async def test_an_adapter_that_breaks_is_started_again_and_others_do_not_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.app.running.FIRST_PAUSE", 0.01)
    flaky = Flaky()
    async with working_app(settings_for(tmp_path), chat_platform(flaky)) as app:
        job = await submit(app, "draw it")
        await asyncio.wait_for(flaky.recovered.wait(), PATIENCE)
        assert (await ended(app, job.id)).status is Status.READY


class Worsening(ChatAdapter):
    """Breaks at once three times, then after a while; ``now`` is its clock."""

    def __init__(self) -> None:
        super().__init__("worsening")
        self.runs, self.now = 0, 0.0
        self.enough = asyncio.Event()

    async def run(self, receive: Receive) -> None:
        self.runs += 1
        if self.runs == 4:
            self.now += 61.0
        if self.runs == 5:
            self.enough.set()
        raise OSError("the platform hung up")


async def test_an_adapter_that_worked_for_long_is_started_again_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.app.running.FIRST_PAUSE", 0.01)
    stream = io.StringIO()
    configure_logging("json", "error", stream)
    adapter = Worsening()
    monkeypatch.setattr("botcore.app.running.monotonic", lambda: adapter.now)
    try:
        async with working_app(settings_for(tmp_path), chat_platform(adapter)):
            await asyncio.wait_for(adapter.enough.wait(), PATIENCE)
    finally:
        configure_logging()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    pauses = [line["again_in"] for line in lines if line["event"] == "adapter_failed"]
    assert pauses[:4] == [0.01, 0.02, 0.04, 0.01]


class Terminal:
    """An adapter that must not run by itself."""

    def __init__(self) -> None:
        self.started = False

    async def run(self, receive: Receive) -> None:
        self.started = True

    async def send(self, out: Outgoing) -> Sent:
        return Sent(("1",))


async def test_a_server_leaves_the_terminal_alone(tmp_path: Path) -> None:
    terminal = Terminal()
    descriptor = AdapterDescriptor(
        name="terminal",
        terminal=True,
        capabilities=Capabilities(),
        factory=made_by(lambda: terminal),
    )
    async with working_app(settings_for(tmp_path), descriptor) as app:
        job = await submit(app, "draw it")
        await ended(app, job.id)
        assert app.adapters == ()
    assert not terminal.started
    async with working_app(settings_for(tmp_path), descriptor, role=Role("chat", terminal=True)) as app:

        async def look() -> bool:
            return terminal.started

        await eventually(look)
        assert [adapter.name for adapter in app.adapters] == ["terminal"]


async def test_an_error_of_the_body_comes_through_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(DataDirInUse):
        async with working_app(settings_for(tmp_path)):
            raise DataDirInUse(path="x")
