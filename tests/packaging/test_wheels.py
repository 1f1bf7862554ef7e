"""Every distribution as its users get it: a wheel that holds its package, whole and alone."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(
    path.parent for kind in ("adapters", "plugins") for path in ROOT.glob(f"{kind}/*/pyproject.toml")
)
LOAD = """
import json, sys
sys.path[:0] = [sys.argv[1]]
sys.path.append(sys.argv[2])
from botcore.config import Settings
from botcore.plugins import load_plugins
host = load_plugins(Settings())
files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
print(json.dumps({
    "records": {r.name: [r.outcome, r.reason] for r in host.records},
    "files": {name: path for name, path in files.items() if path and name.startswith("botcore")},
}))
"""


def project(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return found


def made_of(folder: Path) -> list[Path]:
    """The other plugins of this workspace that a plugin declares to need."""
    names = {Requirement(line).name for line in project(folder)["dependencies"]}
    return [other for other in PLUGINS if project(other)["name"] in names]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """The wheel of each folder, built without a network."""
    built = {}
    for folder in (ROOT, *PLUGINS):
        out = tmp_path_factory.mktemp("wheel")
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
            cwd=folder,
            check=True,
        )
        (built[folder],) = out.glob("*.whl")
    return built


def contents(wheel: Path) -> set[str]:
    """Paths in a wheel, its metadata left out."""
    with zipfile.ZipFile(wheel) as file:
        return {name for name in file.namelist() if ".dist-info/" not in name}


def tracked(folder: Path, package: str) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", package], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(listed.stdout.split())


def test_the_framework_holds_its_own_package_alone_and_whole(wheels: dict[Path, Path]) -> None:
    assert contents(wheels[ROOT]) == tracked(ROOT, "botcore")
    assert {"botcore/py.typed", "botcore/state/migrations/__init__.py"} <= contents(wheels[ROOT])


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_holds_its_own_package_alone_and_whole(folder: Path, wheels: dict[Path, Path]) -> None:
    package = f"botcore_{folder.name.replace('-', '_')}"
    assert project(folder)["name"] == f"botcore-{folder.name}"
    assert contents(wheels[folder]) == tracked(folder, package)
    assert f"{package}/py.typed" in contents(wheels[folder])


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_loads_beside_the_framework_alone(
    folder: Path, wheels: dict[Path, Path], tmp_path: Path
) -> None:
    for wheel in (wheels[ROOT], *(wheels[needed] for needed in made_of(folder)), wheels[folder]):
        with zipfile.ZipFile(wheel) as file:
            file.extractall(tmp_path)
    # -S: the links of this checkout's editable installs are not followed
    command = [sys.executable, "-S", "-c", LOAD, str(tmp_path), sysconfig.get_path("purelib")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    outcome, reason = seen["records"][folder.name]
    # one that needs a key says so, and is not loaded
    assert outcome == "loaded" or (outcome == "disabled" and "BOTCORE_PLUGINS__" in reason)
    assert all(Path(path).is_relative_to(tmp_path) for path in seen["files"].values())
