"""The real command in a folder of its own, with the real solver and the real sandbox."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import av
import pytest

COMMAND = (sys.executable, "-c", "from botcore.cli import main; main()")
SECONDS = 300.0
"""How long anything may take on a busy machine."""


def clean_environment(more: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without settings of botcore, in English, and with ``more``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOTCORE_")}
    return {**kept, "LC_ALL": "C.UTF-8", **more}


@dataclass(frozen=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object that it printed."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self.out
        return cast("dict[str, Any]", json.loads(lines[0]))


class Machine:
    """A folder in which botcore is used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        environ: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
    ) -> Done:
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=clean_environment(environ or {}),
            input=stdin,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        text, errors = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in errors
        return Done(done.returncode, text, errors)

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """A command in the background, in a process group of its own."""
        environ = clean_environment(options.pop("environ", {}))
        return subprocess.Popen(
            [*COMMAND, *arguments], cwd=self.folder, env=environ, start_new_session=True, **options
        )

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


class Server:
    """A running ``botcore serve``."""

    def __init__(
        self, machine: Machine, log: Path, environ: Mapping[str, str] | None = None, *, port: int = 0
    ) -> None:
        self._log = log
        with log.open("wb") as stderr:
            self.process = machine.start("serve", "--port", str(port), stderr=stderr, environ=environ or {})
        self.address = self._wait_for_address()

    def _wait_for_address(self) -> str:
        marker = "botcore serves at "
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            text = self._log.read_text()
            if marker in text:
                return text.partition(marker)[2].split()[0]
            assert self.process.poll() is None, text
            time.sleep(0.05)
        raise AssertionError("it does not start")

    def kill(self) -> None:
        """As if the power failed."""
        self.process.kill()
        self.process.wait(SECONDS)

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


@pytest.fixture
def server(machine: Machine, tmp_path: Path) -> Iterator[Server]:
    running = Server(machine, tmp_path / "serve.log")
    yield running
    running.stop()


@dataclass(frozen=True)
class Probed:
    """What a player sees in a file. ``duration`` in s."""

    codec: str
    width: int
    height: int
    pixels: str
    duration: float
    faststart: bool


def probe(path: Path) -> Probed:
    """Decode the whole file."""
    with av.open(str(path)) as file:
        (stream,) = file.streams.video
        frames = sum(1 for _ in file.decode(stream))
        rate = stream.average_rate
        assert rate is not None
        codec = stream.codec_context
        seen = (codec.name, codec.width, codec.height, str(codec.pix_fmt), float(frames / rate))
    content = path.read_bytes()
    return Probed(*seen, faststart=0 <= content.find(b"moov") < content.find(b"mdat"))
