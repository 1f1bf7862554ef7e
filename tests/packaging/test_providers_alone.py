"""Each provider's package, installed alone beside the core, keeps the contract of providers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.environment import make_environment

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BASE = "openai-compatible"
PROVIDERS = ("openai", "groq", "deepseek", "huggingface", "cloudflare", "gemini", BASE)

SUITE = """
from contextlib import asynccontextmanager

from botcore.config import Settings
from botcore.plugins import load_plugins
from botcore.testing.contracts import ProviderContract
from botcore.testing.model_server import KEY, MODEL, ModelServer

VALUES = {"base_url": "http://127.0.0.1:9", "model": MODEL, "key": KEY}


def section(values):
    return {"endpoints": {"home": values}} if PLUGIN == "openai-compatible" else values


host = load_plugins(Settings.model_validate({"plugins": {PLUGIN.replace("-", "_"): section(VALUES)}}))
assert {record.name for record in host.records} <= {PLUGIN, "openai-compatible"}, "it is not alone"
(found,) = host.providers.values()


class TestAlone(ProviderContract):
    descriptor = found
    problems = ("solve x^2 = 4", "draw a circle")

    @asynccontextmanager
    async def opened(self, folder):
        async with ModelServer() as server:
            service = "openai" if PLUGIN == "openai-compatible" else PLUGIN
            self.config = section(VALUES | {"base_url": server.url(service)})
            async with super().opened(folder) as provider:
                yield provider
"""


def build(folder: Path, out: Path) -> Path:
    """The wheel of a folder, built without a network."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)], cwd=folder, check=True
    )
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folders = {"core": ROOT} | {name: ROOT / "plugins" / name for name in PROVIDERS}
    return {name: build(folder, tmp_path_factory.mktemp("wheel")) for name, folder in folders.items()}


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_alone_beside_the_core_keeps_the_contract(
    name: str, wheels: dict[str, Path], tmp_path: Path
) -> None:
    needed = ["core", name] if name in {BASE, "gemini"} else ["core", BASE, name]
    site = make_environment(
        tmp_path / "site", [wheels[each] for each in needed], "pytest", "pytest-asyncio", "pytest-timeout"
    )
    suite = tmp_path / "test_alone.py"
    suite.write_text(f"PLUGIN = {name!r}\n{SUITE}")
    # -S: nothing of this checkout's environment is on the path
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-o",
            "asyncio_mode=auto",
            suite,
        ],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(r"^\d+ passed", done.stdout, re.MULTILINE), done.stdout[-3000:] + done.stderr[-2000:]
    assert "failed" not in done.stdout
