"""docs/plugins.md is true: its plugins load, its tests pass, and no hook is missing from its tables."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from botcore.hooks import specs
from botcore.hooks.specs import EVENTS

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"


def block(title: str) -> str:
    """The text of the fenced block with this title."""
    found = re.search(rf'```\w+ title="{re.escape(title)}"\n(.*?)```', PAGE.read_text(), re.DOTALL)
    assert found, f"no block {title}"
    return found[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page's plugins installed by pip, as its reader would do it."""
    root = tmp_path_factory.mktemp("page")
    target = root / "site"
    for name in ("clock", "polite"):
        project = root / name
        project.mkdir()
        (project / "pyproject.toml").write_text(block("pyproject.toml").replace("clock", name))
        (project / f"{name}_plugin.py").write_text(block(f"{name}_plugin.py"))
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
        subprocess.run([*pip, "--root-user-action=ignore", "--target", str(target), str(project)], check=True)
    (target / "test_clock.py").write_text(block("test_clock.py"))
    return target


def run(site: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name(command[0])), *command[1:]],
        env={"PYTHONPATH": str(site), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_plugins_of_the_page_load(site: Path) -> None:
    listing = run(site, "botcore", "plugins")
    for name in ("clock", "polite"):
        assert re.search(rf"{name}\b.*loaded", listing.stdout), listing.stdout + listing.stderr


def test_the_contract_of_the_page_passes(site: Path) -> None:
    suite = run(site, "pytest", "-q", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto", "test_clock.py")
    assert re.search(r"\b\d+ passed", suite.stdout), suite.stdout + suite.stderr
    assert "failed" not in suite.stdout


def test_every_hook_is_in_a_table_with_its_mode() -> None:
    page = PAGE.read_text()
    rows = dict(re.findall(r"^\| `(botcore_\w+)` \| (.*)$", page, re.MULTILINE))
    hooks = {name for name, _ in inspect.getmembers(specs, inspect.isfunction) if name.startswith("botcore_")}
    assert hooks == set(rows)
    for name, event in EVENTS.items():
        assert rows[name].startswith(event.mode.value)
