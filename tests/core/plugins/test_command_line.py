"""The installed command, with broken plugins on its path: it helps, it tells, it exits as it should."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.plugins.distributions import install
from tests.core.plugins.fixtures import BROKEN, GOOD, INCOMPATIBLE

HANGING = {"import-hangs", "import-clings", "hook-hangs"}  # these cost the limit of 20 s each


@pytest.fixture(scope="module")
def broken_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    fixtures = [fixture for name, (fixture, _) in BROKEN.items() if name not in HANGING]
    return install([GOOD, *fixtures], tmp_path_factory.mktemp("broken"))


@pytest.fixture(scope="module")
def good_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install([GOOD], tmp_path_factory.mktemp("good"))


def botcore(site: Path, folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("botcore"), *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(site), **environ},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_works_beside_every_broken_plugin(broken_site: Path, tmp_path: Path) -> None:
    done = botcore(broken_site, tmp_path, "--help")
    assert done.returncode == 0, done.stderr
    assert "render" in done.stdout
    assert "Traceback" not in done.stderr


def test_check_names_every_broken_plugin_and_exits_1(broken_site: Path, tmp_path: Path) -> None:
    done = botcore(broken_site, tmp_path, "plugins", "check", "--json")
    assert done.returncode == 1, done.stderr
    outcomes = {row["name"]: row["outcome"] for row in json.loads(done.stdout)["plugins"]}
    assert {name for name, outcome in outcomes.items() if outcome == "failed"} == set(BROKEN) - HANGING
    assert outcomes["good"] == "loaded"


def test_check_exits_0_when_all_is_well(good_site: Path, tmp_path: Path) -> None:
    done = botcore(good_site, tmp_path, "plugins", "check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "provider good" in done.stdout


def test_an_incompatible_plugin_fails_the_check(tmp_path: Path) -> None:
    site = install([INCOMPATIBLE["too-new"][0]], tmp_path / "dist")
    done = botcore(site, tmp_path, "plugins", "check")
    assert done.returncode == 1
    assert "needs botcore-framework>=99" in done.stdout


def test_a_wrong_section_fails_the_check_with_one_line(good_site: Path, tmp_path: Path) -> None:
    done = botcore(good_site, tmp_path, "plugins", "check", BOTCORE_PLUGINS__GOOD__COLOUR="red")
    assert done.returncode == 1
    assert "BOTCORE_PLUGINS__GOOD__COLOUR: plugins.good.colour: unknown key. Allowed: enabled" in (
        done.stdout + done.stderr
    )
