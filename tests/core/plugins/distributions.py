"""Makes and installs real distributions: a wheel each, put on disk by pip, found through their metadata."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from botcore.plugins.discovery import Candidate

Pick = Callable[..., list[Candidate]]
"""What the fixture ``pick`` gives."""

FITS = "botcore-framework>=0.1,<1"


@dataclass(frozen=True)
class Fixture:
    """A plugin to install: one module ``<name>_plugin`` with this text, one entry point of this name."""

    name: str
    code: str
    requires: str | None = FITS
    version: str = "1.2.3"
    distribution: str = ""
    points_to: str = ""
    """What the entry point names instead of the module."""

    @property
    def module(self) -> str:
        return f"{self.name.replace('-', '_')}_plugin"

    @property
    def owner(self) -> str:
        return self.distribution or f"fixture-{self.name}"


def install(fixtures: Sequence[Fixture], folder: Path) -> Path:
    """Build a wheel of each and install all of them, offline; returns the folder for ``sys.path``."""
    wheels, target = folder / "wheels", folder / "site"
    wheels.mkdir(parents=True)
    paths = [_wheel(fixture, wheels) for fixture in fixtures]
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile"),
            *("--disable-pip-version-check", "--root-user-action=ignore", "--target", str(target)),
            *map(str, paths),
        ],
        check=True,
    )
    return target


def _wheel(fixture: Fixture, folder: Path) -> Path:
    distribution = fixture.owner.replace("-", "_")
    info = f"{distribution}-{fixture.version}.dist-info"
    requires = f"Requires-Dist: {fixture.requires}\n" if fixture.requires else ""
    files = {
        f"{fixture.module}.py": dedent(fixture.code),
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: {fixture.owner}\nVersion: {fixture.version}\n{requires}"
        ),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[botcore]\n{fixture.name} = {fixture.points_to or fixture.module}\n",
    }
    path = folder / f"{distribution}-{fixture.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr(f"{info}/RECORD", _record(files, info))
    return path


def _record(files: Mapping[str, str], info: str) -> str:
    lines = []
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(text.encode())}")
    return "\n".join([*lines, f"{info}/RECORD,,", ""])
