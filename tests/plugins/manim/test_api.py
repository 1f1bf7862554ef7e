"""The description of the installed Manim: collected once, kept, and never trusted blindly."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest
from botcore_manim.api import load_index, stored
from botcore_manim.validators.api import ApiValidator

from botcore.model import Source

_SHOW = """
import asyncio, pathlib, sys
from botcore_manim.api import load_index, stored
stored._SECONDS = 600.0  # the machine may be busy
index = asyncio.run(load_index(pathlib.Path(sys.argv[1])))
print(index is not None and index.derives("Circle", "VMobject"))
"""


def kept(folder: Path) -> Path:
    """The one file in it."""
    (path,) = folder.iterdir()
    return path


async def shown(folder: Path) -> str:
    """What another process reads from the description of Manim in this folder."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SHOW, str(folder), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return out.decode().strip()


async def test_two_processes_at_once_and_a_broken_file_give_a_whole_one(tmp_path: Path) -> None:
    assert await asyncio.gather(shown(tmp_path), shown(tmp_path)) == ["True", "True"]
    file = kept(tmp_path)
    whole = file.read_text("utf-8")
    file.write_text(whole[:1000], "utf-8")
    assert await shown(tmp_path) == "True"
    assert file.read_text("utf-8") == whole


@pytest.mark.parametrize("text", ["[]", "{}", "null", '{"version": "1"}', ""])
async def test_a_file_that_describes_nothing_is_written_anew(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def collect() -> str:
        asked.append("once")
        lists = {"lesson": [], "loose": [], "config": [], "installed": []}
        tables = {"names": {}, "classes": {}, "functions": {}, "modules": {}, "packages": {}}
        return json.dumps({"version": "9", **lists, **tables})

    monkeypatch.setattr(stored, "_collect", collect)
    monkeypatch.setattr(stored, "_loaded", {})
    index = await load_index(tmp_path)
    assert index is not None
    kept(tmp_path).write_text(text, "utf-8")
    monkeypatch.setattr(stored, "_loaded", {})
    again = await load_index(tmp_path)
    assert again is not None
    assert again.version == "9"
    assert asked == ["once", "once"]


async def test_a_folder_that_cannot_be_written_costs_time_and_no_more(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()  # root may write into any folder; nobody into a file
    assert await shown(file / "folder") == "True"


async def test_what_an_exact_provider_wrote_is_not_judged(tmp_path: Path) -> None:
    folder = tmp_path / "never made"
    assert await ApiValidator(folder).validate(Source("manim", "NoSuchThing()", checked=True)) == []
    assert not folder.exists()


async def test_two_loops_of_one_process_may_ask_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The renderer describes Manim beside its start while a thread with a loop of its own mends code."""
    monkeypatch.setattr(stored, "_loaded", {})
    both = await asyncio.gather(
        load_index(tmp_path), load_index(tmp_path), asyncio.to_thread(asyncio.run, load_index(tmp_path))
    )
    assert None not in both
