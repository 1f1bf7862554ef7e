"""PostgreSQL goes away under everything that runs, and comes back."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from botcore.app import Role
from botcore.config.models import DatabaseSettings
from botcore.model import Message, Status
from botcore.state import DatabaseAway
from botcore.telemetry.metrics import REGISTRY
from botcore.testing.doubles import ChatAdapter
from tests.core.app.test_app import submit
from tests.core.postgres import PASSWORD, PostgresServer
from tests.core.surface import chat_platform, ended, eventually, settings_for, working_app

POLLS = ("engine", "inbox", "outbox")


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """One that may be stopped."""
    server = PostgresServer()
    yield server
    server.close()


def failures(task: str) -> float:
    return REGISTRY.get_sample_value("botcore_task_failures_total", {"task": task}) or 0.0


async def test_each_outage_is_two_lines_and_everything_goes_on_afterwards(
    tmp_path: Path, server: PostgresServer, warnings: io.StringIO
) -> None:
    secret = PASSWORD.replace(" ", "%20")
    url = server.url(await asyncio.to_thread(server.create), password=secret)
    settings = settings_for(tmp_path, database=DatabaseSettings(url=SecretStr(url)))
    adapter = ChatAdapter("chat")
    async with working_app(settings, chat_platform(adapter), role=Role("serve", terminal=False)) as app:
        first = await submit(app, "draw it")
        assert (await ended(app, first.id)).status is Status.READY

        await asyncio.to_thread(server.stop)
        before = {task: failures(task) for task in POLLS}

        async def all_have_failed() -> bool:
            return all(failures(task) > before[task] for task in POLLS)

        await eventually(all_have_failed)
        with pytest.raises(DatabaseAway):
            await submit(app, "draw it")
        await asyncio.to_thread(server.start)

        second = await submit(app, "draw it")
        assert (await ended(app, second.id)).status is Status.READY
        await app.intake.receive(Message("chat", "1", "1", "1", "/help"))

        async def answered() -> bool:
            return bool(adapter.shown)

        await eventually(answered)

    lines = [json.loads(line) for line in warnings.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["database_away", "database_back"]
    assert str(server.folder) in lines[0]["database"]
    assert "Traceback" not in warnings.getvalue()
    assert secret not in warnings.getvalue()
