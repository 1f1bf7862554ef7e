"""``botcore forget USER``."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from botcore.cli.main import run
from botcore.model import JobKind, RenderOptions
from botcore.state import Identity, NewJob, open_state, sqlite_url
from botcore.state.merging import merge
from botcore.state.models import InboxRow, JobRow
from tests.core.state.ground import message

HERE, THERE = Identity("test", "ada"), Identity("other", "lovelace")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOTCORE_DATA_DIR", str(tmp_path))
    return sqlite_url(tmp_path / "botcore.db")


async def make_person(database: str) -> None:
    """Somebody with two linked accounts and a job on the way."""
    async with open_state(database) as state:
        for each in (HERE, THERE):
            await state.sessions.of(each.platform, each.user_id)
        session_id = await merge(state.db, HERE, THERE, defaults=RenderOptions())
        new = NewJob(session_id, JobKind.PROBLEM, "test", "chat", "manim", RenderOptions(), "my secret", "en")
        await state.jobs.submit(new)


async def texts(database: str) -> list[str]:
    async with open_state(database):
        return [row.text for row in await JobRow.all()] + [row.message for row in await InboxRow.all()]


def test_a_person_is_forgotten_in_all_chats(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(make_person(database))
    assert run(["forget", "other:lovelace", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown == {
        "status": "forgotten",
        "user": "other:lovelace",
        "identities": ["test:ada", "other:lovelace"],
    }
    assert "my secret" not in repr(asyncio.run(texts(database)))
    assert run(["forget", "test:ada"]) == 1
    assert "Nothing is kept about test:ada" in capsys.readouterr().err


def test_somebody_without_a_session_is_forgotten_too(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever is banned has messages and no session."""

    async def write() -> None:
        async with open_state(database) as state:
            await state.inbox.receive(message("1", "my secret"), "serve")
            item = await state.inbox.claim("serve")
            assert item is not None
            await state.inbox.done(item)

    asyncio.run(write())
    assert run(["forget", "test:ada"]) == 0
    assert capsys.readouterr().out == "forgotten: test:ada\n"
    assert "my secret" not in repr(asyncio.run(texts(database)))
    assert run(["forget", "test:ada"]) == 1


@pytest.mark.parametrize("user", ["ada", "test:", ":ada", ""])
def test_what_names_nobody_is_wrong_usage(
    database: str, user: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["forget", user, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"
