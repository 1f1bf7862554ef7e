"""``TEXT|FILE``: what the argument of ``render`` stands for, and where its video goes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from botcore.cli.output import UsageFault
from botcore.hooks.descriptors import RendererDescriptor
from botcore.intake.routing import Submitted, as_code, code_or_problem, is_code_file
from botcore.intake.text import decode, plain
from botcore.model import Format

STDIN = "-"
MAX_INPUT = 4 * 1024 * 1024
"""Bytes read of a file or of stdin: enough to say how long it is, without filling the memory."""

_FILE_NAME = re.compile(r"\S+\.(py|txt|md|tex)", re.IGNORECASE)
"""What is meant for a file even where there is none of that name; no formula looks like this."""
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Input:
    """What was given, and the name that its video gets when nobody chose one (without extension)."""

    submitted: Submitted
    stem: str


def read_input(argument: str, renderers: Sequence[RendererDescriptor]) -> Input:
    """Read ``argument``: ``-`` is stdin, the name of a file is the file, anything else is the text itself.

    :raises InputError: what was read is no text.
    :raises UsageFault: a file that is not there or cannot be read.
    """
    if argument == STDIN:
        text = plain(decode(sys.stdin.buffer.read(MAX_INPUT)))
        return Input(code_or_problem(text, renderers), "video")
    path = _existing_file(argument)
    if path is None:
        if _FILE_NAME.fullmatch(argument):
            raise UsageFault(problem=f"There is no file {argument}.")
        return Input(code_or_problem(plain(argument), renderers), _slug(argument))
    text = plain(decode(read_file(path)))
    found = as_code(text, renderers) if is_code_file(path.name) else code_or_problem(text, renderers)
    return Input(found, path.stem)


def read_code(file: Path, renderers: Sequence[RendererDescriptor]) -> Submitted:
    """The code in ``file``, or on stdin when it is called ``-``.

    :raises InputError: what was read is no text.
    :raises UsageFault: the file cannot be read.
    """
    data = sys.stdin.buffer.read(MAX_INPUT) if str(file) == STDIN else read_file(file)
    return as_code(plain(decode(data)), renderers)


def read_file(path: Path) -> bytes:
    """The first :data:`MAX_INPUT` bytes of a file.

    :raises UsageFault: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_INPUT)
    except OSError as error:
        raise UsageFault(problem=f"{path} cannot be read: {error.strerror}.") from None


def choose_output(out: Path | None, stem: str) -> tuple[Path, Format]:
    """Where the video goes, and the format that its extension asks for. Without ``out`` a name that is free
    in the current folder.

    :raises UsageFault: the extension or the folder will not do.
    """
    if out is None:
        return _free_name(stem), Format.MP4
    if out.is_dir():
        raise UsageFault(problem=f"{out} is a folder. Name a file in it, such as {out / stem}.mp4.")
    formats = {f".{item}": item for item in Format}
    chosen = formats.get(out.suffix.lower())
    if chosen is None:
        raise UsageFault(problem=f"The name {out.name} must end in {', '.join(formats)}.")
    folder = out.absolute().parent
    if not folder.is_dir():
        raise UsageFault(problem=f"There is no folder {folder}.")
    if not os.access(folder, os.W_OK):
        raise UsageFault(problem=f"The folder {folder} cannot be written to.")
    return out, chosen


def _existing_file(argument: str) -> Path | None:
    try:
        path = Path(argument)
        return path if path.is_file() else None
    except (OSError, ValueError):  # a text that is too long for a name, or holds a null byte
        return None


def _slug(text: str) -> str:
    return _SLUG.sub("-", text.lower())[:40].strip("-") or "video"


def _free_name(stem: str) -> Path:
    for number in range(1, 10_000):
        path = Path(f"{stem}.mp4" if number == 1 else f"{stem}-{number}.mp4")
        if not path.exists():
            return path
    raise UsageFault(problem="Choose a name for the video with -o.")
