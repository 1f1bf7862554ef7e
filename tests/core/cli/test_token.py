"""``botcore token``."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from botcore.cli.main import run
from botcore.model import RenderOptions
from botcore.state import open_state, sqlite_url
from botcore.state.models import SessionRow
from botcore.telemetry.redaction import clean_text


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOTCORE_DATA_DIR", str(tmp_path))
    return sqlite_url(tmp_path / "botcore.db")


def test_a_token_is_shown_once_alone_on_its_line(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["token", "create", "ci", "--scope", "admin", "--scope", "jobs", "--days", "30"]) == 0
    shown = capsys.readouterr()
    secret = shown.out.strip()
    assert secret.startswith("botcore_")
    assert secret not in shown.err
    assert "botcore.db" in shown.err, "a token for another database than the server's opens nothing"
    assert secret not in clean_text(f"somebody logs {secret}, or {secret[:30]}")
    assert run(["token", "list", "--json"]) == 0
    listed = capsys.readouterr().out
    assert secret not in listed
    (token,) = json.loads(listed)["tokens"]
    assert (token["name"], token["scopes"], token["state"]) == ("ci", ["admin", "jobs"], "good")
    assert run(["token", "list"]) == 0
    assert "never" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x", "--scope", "root"], "no scope"),
        (["../x"], "a name is"),
        (["x", "--days", "0"], "--days must be"),
        (["x", "--days", "nan"], "--days"),
        (["taken"], "there is a token"),
    ],
)
def test_what_makes_no_sense_is_refused(
    database: str, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(["token", "create", "taken"]) == 0
    assert run(["token", "create", *arguments]) == 2
    assert said in capsys.readouterr().err


async def use(database: str, secret: str) -> int:
    """How many sessions there are once the token was used, if it still can be."""
    async with open_state(database) as state:
        token = await state.tokens.find(secret)
        assert token is not None
        await state.tokens.session(token, options=RenderOptions())
        return await SessionRow.filter(expires_at__gt=state.db.clock()).count()


def test_a_revoked_token_and_its_session_are_gone(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(["token", "create", "ci", "--json"])
    secret = json.loads(capsys.readouterr().out)["token"]
    assert asyncio.run(use(database, secret)) == 1
    assert run(["token", "revoke", "ci", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "revoked"
    assert asyncio.run(use(database, secret)) == 0
    assert run(["token", "revoke", "ci"]) == 0, "it may be repeated"
    assert run(["token", "revoke", "nobody"]) == 1


def test_where_there_is_no_token_the_database_is_named(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["token", "list"]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.endswith("botcore.db holds no tokens\n")
    assert run(["token", "revoke", "nobody"]) == 1
    assert "botcore.db" in capsys.readouterr().err
    assert run(["token", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"tokens": []}
