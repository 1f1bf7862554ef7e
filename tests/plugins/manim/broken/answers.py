"""Whole answers of language models with their faults, and scenes that have none but look as if they had."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``kind`` is the class of its faults, the first word of its file's name."""

    name: str
    kind: str
    faults: str
    text: str


def broken() -> list[Answer]:
    """The corpus, by name. The first line of each file names the faults and is no part of the answer."""
    return [_read(path) for path in sorted((_HERE / "answers").glob("*.txt"))]


def heldout() -> list[Answer]:
    """Answers that were written without knowing the fixes. On the day that they were written 15 of the 60
    rendered as they were, 43 after the fixes of the same day; what mends others was written after that."""
    return [_read(path) for path in sorted((_HERE / "heldout").glob("*.txt"))]


def sound() -> list[Answer]:
    """Scenes that render as they are, written to catch a fix that is too eager."""
    return [_read(path) for path in sorted((_HERE / "sound").glob("*.txt"))]


def _read(path: Path) -> Answer:
    with path.open(encoding="utf-8", newline="") as file:
        first, _, text = file.read().partition("\n")
    faults = first.removeprefix("# faults: ")
    assert faults != first, path
    return Answer(path.stem, path.stem.partition("_")[0], faults, text)
