"""Routing: command, code or problem."""

from __future__ import annotations

import re
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest

from botcore.errors import (
    EmptyFile,
    NotText,
    UnsupportedAttachment,
    UnsupportedFile,
    UnsupportedPicture,
    UnsupportedSound,
    UnsupportedVideo,
)
from botcore.hooks.descriptors import RendererDescriptor
from botcore.intake.routing import (
    CommandCall,
    Submitted,
    as_code,
    code_or_problem,
    is_code_file,
    parse_command,
    route,
)
from botcore.model import Attachment, AttachmentKind, JobKind, Message

FENCE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
CODE = "class Demo(Scene):\n    def construct(self):\n        self.wait()\n"


def detect(text: str) -> str | None:
    fenced = FENCE.search(text)
    if fenced:
        return fenced.group(1)
    return text if "(Scene)" in text else None


def no_factory(config: Any, context: Any) -> AbstractAsyncContextManager[Any]:
    raise AssertionError("routing builds nothing")


SCENES = RendererDescriptor(
    name="scenes", language="scenes", title="Scenes", detect=detect, factory=no_factory
)


def nothing(_text: str) -> bool:
    """No provider knows it."""
    return False


def message(text: str = "", *attachments: Attachment) -> Message:
    return Message("web", "c", "u", "m", text, attachments)


def document(name: str, data: bytes | None, media_type: str = "application/octet-stream") -> Attachment:
    return Attachment(AttachmentKind.DOCUMENT, media_type, name, data=data)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("/help", CommandCall("help", "")),
        ("  /HELP  ", CommandCall("help", "")),
        ("/cancel@SomeBot  abc ", CommandCall("cancel", "abc")),
        ("/code\n  x = 1\n  y = 2", CommandCall("code", "  x = 1\n  y = 2")),
        ("/code   x = 1", CommandCall("code", "x = 1")),
    ],
)
def test_a_leading_slash_and_word_is_a_command(text: str, call: CommandCall) -> None:
    assert route(message(text), [SCENES], nothing) == call


@pytest.mark.parametrize("text", ["`x^2 = 9`", "```\nx^2 = 9\n```", " ```text\nx^2 = 9``` "])
def test_a_fence_around_a_problem_is_no_part_of_it(text: str) -> None:
    routed = code_or_problem(text, [])
    assert (routed.kind, routed.text.strip()) == (JobKind.PROBLEM, "x^2 = 9")


@pytest.mark.parametrize("text", ["a `x` b `y`", "```", "``", "`x", "solve `x^2 = 9`", "`a`b`"])
def test_other_backticks_are_left_alone(text: str) -> None:
    assert code_or_problem(text, []) == Submitted(JobKind.PROBLEM, text)


@pytest.mark.parametrize("text", ["/", "/2 + 3 = what is it", "1/help", "//comment", "/a-b"])
def test_other_slashes_are_no_command(text: str) -> None:
    assert parse_command(text) is None


def test_code_is_found_fenced_and_bare() -> None:
    want = Submitted(JobKind.CODE, CODE, "scenes")
    assert route(message(CODE), [SCENES], nothing) == want
    assert route(message(f"please draw\n```python\n{CODE}```\nthanks"), [SCENES], nothing) == want


def test_words_are_a_problem() -> None:
    assert route(message("solve x = 2 for x"), [SCENES], nothing) == Submitted(
        JobKind.PROBLEM, "solve x = 2 for x"
    )


def test_a_python_file_is_code_even_when_nothing_is_detected_in_it() -> None:
    found = route(message("my homework", document("a.PY", b"print(1)")), [SCENES], nothing)
    assert found == Submitted(JobKind.CODE, "print(1)")
    assert route(message("", document("a.py", CODE.encode())), [SCENES], nothing) == Submitted(
        JobKind.CODE, CODE, "scenes"
    )


def test_a_python_file_with_binary_in_it_is_refused() -> None:
    with pytest.raises(NotText):
        route(message("", document("a.py", b"\x00\x01\x02")), [SCENES], nothing)
    with pytest.raises(EmptyFile):
        route(message("", document("a.py", b"")), [SCENES], nothing)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (AttachmentKind.PICTURE, UnsupportedPicture),
        (AttachmentKind.VIDEO, UnsupportedVideo),
        (AttachmentKind.AUDIO, UnsupportedSound),
        (AttachmentKind.DOCUMENT, UnsupportedFile),
        (AttachmentKind.OTHER, UnsupportedAttachment),
    ],
)
def test_other_attachments_are_refused_by_kind(
    kind: AttachmentKind, error: type[UnsupportedAttachment]
) -> None:
    for caption in ("", "solve this please"):
        with pytest.raises(UnsupportedAttachment) as caught:
            route(message(caption, Attachment(kind, "image/png")), [SCENES], nothing)
        assert type(caught.value) is error


def test_a_problem_that_is_known_for_sure_counts_below_a_picture_too() -> None:
    picture = message(" 2x = 4 ", Attachment(AttachmentKind.PICTURE, "image/png"))
    routed = route(picture, [SCENES], lambda text: text == "2x = 4")
    assert isinstance(routed, Submitted)
    assert routed.text.strip() == "2x = 4"


def test_a_renderer_whose_detection_breaks_costs_nobody_an_answer() -> None:
    def breaks(text: str) -> str | None:
        raise RuntimeError(text)

    broken = replace(SCENES, name="broken", detect=breaks)
    assert route(message(CODE), [broken, SCENES], nothing) == Submitted(JobKind.CODE, CODE, "scenes")


def test_a_renderer_whose_detection_hangs_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botcore.intake.asking.ASK_SECONDS", 0.5)

    def hangs(_text: str) -> str | None:
        while True:
            pass

    hanging = replace(SCENES, name="hanging", detect=hangs)
    assert route(message(CODE), [hanging, SCENES], nothing) == Submitted(JobKind.CODE, CODE, "scenes")


def test_code_that_was_announced_needs_no_detection() -> None:
    assert as_code("x = 1", [SCENES]) == Submitted(JobKind.CODE, "x = 1")
    assert as_code(f"```\n{CODE}```", [SCENES]) == Submitted(JobKind.CODE, CODE, "scenes")


@pytest.mark.parametrize(
    ("name", "media_type", "code"),
    [
        ("scene.py", "", True),
        ("scene", "text/x-python; charset=utf-8", True),
        ("scene.pyc", "", False),
        ("notes.txt", "text/plain", False),
    ],
)
def test_code_files_are_known_by_name_or_type(name: str, media_type: str, code: bool) -> None:
    assert is_code_file(name, media_type) is code


def test_a_command_copied_from_an_arabic_sentence_is_the_command() -> None:
    assert parse_command("\u2068/link ABCD-EFGH\u2069 ") == CommandCall("link", "ABCD-EFGH")
