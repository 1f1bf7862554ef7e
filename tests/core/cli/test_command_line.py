"""The command line as a person and as a program meets it: help, exit codes, one JSON object, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from botcore.cli.main import run


def botcore(
    folder: Path, *arguments: str, stdin: bytes = b"", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run the real command in ``folder``, without the settings of this checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOTCORE_")}
    done = subprocess.run(
        [sys.executable, "-c", "from botcore.cli import main; main()", *arguments],
        cwd=folder,
        env={**kept, **environ},
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def one_object(text: str) -> dict[str, object]:
    """The only thing in ``text``, a JSON object."""
    value = json.loads(text)
    assert isinstance(value, dict)
    assert len(text.splitlines()) == 1
    return value


def test_help_names_every_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in ("render", "validate", "chat", "serve", "plugins", "doctor", "migrate", "forget", "eval"):
        assert f"  {name} " in shown


@pytest.mark.parametrize(
    "name", ["render", "validate", "chat", "serve", "plugins", "doctor", "migrate", "forget", "eval"]
)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert "Usage: botcore" in capsys.readouterr().out


def test_help_imports_nothing_that_only_work_needs(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from botcore.cli.main import run\n"
        "run(['--help'])\n"
        "heavy = {'aiohttp', 'uvloop', 'tortoise', 'aiosqlite', 'asyncpg', 'structlog', 'rich', 'babel'}\n"
        "heavy |= {'prometheus_client', 'manim', 'av', 'sympy', 'numpy', 'aiogram', 'pywa', 'openai'}\n"
        "heavy |= {'google.genai', 'aioboto3', 'botcore.app', 'botcore.web', 'botcore.state'}\n"
        "found = heavy & set(sys.modules)\n"
        "assert not found, found\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["render"],
        ["render", "solve x = 2 for x", "--quality", "best"],
        ["render", "solve x = 2 for x", "--no-such-option"],
        ["render", "missing.py"],
        ["render", "solve x = 2 for x", "-o", "video.avi"],
        ["validate", "missing.py"],
        ["serve", "--port", "99999"],
    ],
)
def test_wrong_usage_is_2_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.strip()
    assert "Traceback" not in shown.err
    assert run([*arguments, "--json"]) == 2 or "serve" in arguments
    assert one_object(capsys.readouterr().out)["status"] == "failed"


def test_a_wrong_setting_is_3_and_names_it(tmp_path: Path) -> None:
    for arguments in (["render", "solve x = 2 for x"], ["serve"], ["plugins"]):
        done = botcore(tmp_path, *arguments, BOTCORE_WEB__PORT="many")
        assert done.returncode == 3, arguments
        assert "port" in done.stderr.lower()
        assert "Traceback" not in done.stderr
    assert botcore(tmp_path, "--help", BOTCORE_WEB__PORT="many").returncode == 0


def test_without_a_renderer_it_is_3_and_says_what_to_install(tmp_path: Path) -> None:
    done = botcore(tmp_path, "render", "solve x = 2 for x", "--json", BOTCORE_PLUGINS__MANIM__ENABLED="false")
    assert done.returncode == 3
    assert "pip install" in done.stderr
    assert one_object(done.stdout)["status"] == "failed"


def test_migrate_makes_the_database(tmp_path: Path) -> None:
    done = botcore(tmp_path, "migrate")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "botcore.db").exists()


def test_plugins_lists_what_is_installed(tmp_path: Path) -> None:
    done = botcore(tmp_path, "plugins", "--json", BOTCORE_PLUGINS__CONSOLE__ENABLED="false")
    shown = one_object(done.stdout)
    outcomes = {item["name"]: item["outcome"] for item in shown["plugins"]}  # type: ignore[attr-defined]  # checked JSON
    assert outcomes["console"] == "disabled"
    assert outcomes["manim"] == "loaded"
    assert "manim" in botcore(tmp_path, "plugins").stdout


def test_plugins_check_fails_on_a_wrong_section(tmp_path: Path) -> None:
    done = botcore(tmp_path, "plugins", "check", "--json", BOTCORE_PLUGINS__CONSOLE__NONSENSE="1")
    assert done.returncode == 1
    assert "nonsense" in str(one_object(done.stdout)["problems"]).lower()


def test_doctor_names_a_wrong_setting_and_how_to_mend_it(tmp_path: Path) -> None:
    done = botcore(tmp_path, "doctor", "--json", BOTCORE_DATA_DIR="/proc/nowhere")
    assert done.returncode == 3
    checks = one_object(done.stdout)["checks"]
    broken = {item["name"]: item for item in checks if not item["ok"]}  # type: ignore[attr-defined]  # checked JSON
    assert "data folder" in broken
    assert "data_dir" in broken["data folder"]["remedy"]
    done = botcore(tmp_path, "doctor", BOTCORE_WEB__PORT="many")
    assert done.returncode == 3
    assert "FAIL  settings" in done.stdout


def test_output_to_a_reader_that_left_is_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -c 'from botcore.cli import main; main()' plugins | true"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr


def test_a_machine_without_a_sandbox_is_told_what_it_lacks_and_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    done = botcore(tmp_path, "render", "solve 2x = 4", "--json", PATH=str(tmp_path / "bin"))
    assert done.returncode == 3
    assert "bubblewrap is not installed" in done.stderr
    assert "apt install bubblewrap" in done.stderr
    assert "botcore doctor" in done.stderr
    error = one_object(done.stdout)["error"]
    assert isinstance(error, dict)
    assert error["code"] == "sandbox_unavailable"


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("render", "2x = 4"), ("migrate",)])
def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = botcore(tmp_path, *command, BOTCORE_DATA_DIR="/proc/self")  # where root cannot write either
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith("botcore: ")
    assert "the data folder /proc/self cannot be written to" in done.stderr
    assert "set data_dir" in done.stderr


def test_every_mistake_in_the_settings_is_a_line_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "bot.toml").write_text("[web]\nprot = 1\nport = 'x'\n")
    done = botcore(tmp_path, "--config", "bot.toml", "plugins")
    assert done.returncode == 3
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert all("bot.toml: web." in line for line in lines)
