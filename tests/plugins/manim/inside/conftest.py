from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub, which manim imports, has escapes that Python deprecates
    import manim  # noqa: F401  # here, before a test module does

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Drawn:
    """What became of one scene."""

    path: Path | None
    reports: list[dict[str, Any]]

    @property
    def failed(self) -> dict[str, Any]:
        """The one failure that was told."""
        assert self.path is None
        failures = [line for line in self.reports if line["k"] == "failed"]
        assert len(failures) == 1, self.reports
        return failures[0]

    @property
    def video(self) -> Path:
        assert self.path is not None, self.reports
        return self.path

    def frames(self) -> list[av.VideoFrame]:
        with av.open(str(self.video)) as container:
            return list(container.decode(video=0))


class Zygote:
    """Draws scenes in children of one warm process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._process = subprocess.Popen(
            [sys.executable, HERE / "forking.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
        )
        self.hello = self._answer()

    def draw(self, source: str, width: int = 320, height: int = 180, fps: int = 10, **spec: Any) -> Drawn:
        out = self._folder / str(next(self._numbers))
        out.mkdir()
        request = {
            "spec": {"width": width, "height": height, "fps": fps, **spec},
            "source": source,
            "out": str(out),
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        assert answer is not None, "the drawing process died"
        return Drawn(answer["path"] and Path(answer["path"]), answer["reports"])

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the warm process died"
        return json.loads(line)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    made = Zygote(tmp_path_factory.mktemp("zygote"))
    yield made
    made.close()
