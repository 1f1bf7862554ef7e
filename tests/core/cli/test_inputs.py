"""What TEXT|FILE stands for, and where the video goes."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from botcore.cli.inputs import choose_output, read_code, read_input
from botcore.cli.output import UsageFault
from botcore.errors import NotText
from botcore.hooks.descriptors import RendererDescriptor
from botcore.intake.routing import Submitted
from botcore.model import Format, JobKind
from tests.core.surface import small_parts

RENDERERS = [part for part in small_parts() if isinstance(part, RendererDescriptor)]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pipe(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_text_is_a_problem_and_names_its_video() -> None:
    given = read_input("solve x^2 - 5x + 6 = 0", RENDERERS)
    assert given.submitted == Submitted(JobKind.PROBLEM, "solve x^2 - 5x + 6 = 0")
    assert given.stem == "solve-x-2-5x-6-0"


def test_text_that_is_code_is_code() -> None:
    assert read_input("draw a line", RENDERERS).submitted == Submitted(JobKind.CODE, "draw a line", "flat")


def test_a_python_file_is_code_whatever_is_in_it() -> None:
    Path("scene.py").write_text("print(1)\n")
    given = read_input("scene.py", RENDERERS)
    assert given.submitted == Submitted(JobKind.CODE, "print(1)\n")
    assert given.stem == "scene"


def test_another_file_is_read_and_judged_by_its_text() -> None:
    Path("problem.txt").write_text("solve 2x = 4 for x\n")
    Path("drawing.txt").write_text("draw a line")
    assert read_input("problem.txt", RENDERERS).submitted.kind is JobKind.PROBLEM
    assert read_input("drawing.txt", RENDERERS).submitted.kind is JobKind.CODE


def test_stdin_is_read_and_judged_by_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, "solve x² = 4 for x".encode())
    assert read_input("-", RENDERERS).submitted == Submitted(JobKind.PROBLEM, "solve x² = 4 for x")
    pipe(monkeypatch, b"draw a line")
    assert read_input("-", RENDERERS).submitted.kind is JobKind.CODE
    pipe(monkeypatch, b"anything")
    assert read_code(Path("-"), RENDERERS) == Submitted(JobKind.CODE, "anything")


@pytest.mark.parametrize("name", ["missing.py", "missing.txt", "../folder/missing.MD"])
def test_a_file_that_is_not_there_is_not_taken_for_a_problem(name: str) -> None:
    with pytest.raises(UsageFault) as caught:
        read_input(name, RENDERERS)
    assert name in caught.value.message


@pytest.mark.parametrize("text", ["x" * 5000, "solve\0 x = 2", "a/b/c is what", "."])
def test_text_that_cannot_be_a_file_name_is_text(text: str) -> None:
    if "\0" in text:
        with pytest.raises(NotText):
            read_input(text, RENDERERS)
    else:
        assert read_input(text, RENDERERS).submitted.text == text


def test_a_binary_file_is_refused() -> None:
    Path("picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    with pytest.raises(NotText):
        read_input("picture.png", RENDERERS)


@pytest.mark.parametrize(
    ("name", "output_format"), [("a.mp4", Format.MP4), ("b.WEBM", Format.WEBM), ("c.gif", Format.GIF)]
)
def test_the_extension_picks_the_format(name: str, output_format: Format) -> None:
    assert choose_output(Path(name), "x") == (Path(name), output_format)


@pytest.mark.parametrize("name", ["video", "video.avi", "no/such/folder/video.mp4"])
def test_an_output_that_cannot_be_written_is_refused_before_anything_is_drawn(name: str) -> None:
    with pytest.raises(UsageFault):
        choose_output(Path(name), "x")


@pytest.mark.parametrize("name", ["folder.mp4", "folder"])
def test_a_folder_is_no_output_and_the_message_says_what_would_be(name: str) -> None:
    Path(name).mkdir()
    with pytest.raises(UsageFault) as caught:
        choose_output(Path(name), "area")
    assert f"{name}/area.mp4" in caught.value.message


def test_without_a_name_nothing_is_overwritten() -> None:
    Path("video.mp4").write_bytes(b"precious")
    assert choose_output(None, "video") == (Path("video-2.mp4"), Format.MP4)
    assert choose_output(None, "other") == (Path("other.mp4"), Format.MP4)
