"""A text that a platform cut into pieces is one message again, whenever the pieces came."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.delivery.splitting import length
from botcore.intake.joining import join_texts, run_of
from botcore.model import Attachment, AttachmentKind, Capabilities, Message, TextUnit
from botcore.state import InboxItem

LIMIT = 40
PLATFORM = Capabilities(text_limit=LIMIT, text_unit=TextUnit.UTF16)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def piece(
    number: int, text: str, *, user: str = "u1", at: float = 0.0, files: tuple[Attachment, ...] = ()
) -> InboxItem:
    moment = NOON + timedelta(seconds=at)
    message = Message("test", "c", user, f"9.{number}", text, files, received_at=moment)
    return InboxItem(f"test:{number}", message, 1, "", moment)


FULL = "x" * LIMIT


@given(st.text(alphabet="ab +=\n", min_size=1, max_size=200), st.integers(5, 40))
def test_a_text_that_was_cut_anywhere_comes_back(text: str, limit: int) -> None:
    """As Telegram's apps for phones do: at the limit, wherever that falls."""
    whole = text.strip() or "a"
    parts = ["".join(part) for part in _chunks(whole, limit)]
    assert join_texts(parts, Capabilities(text_limit=limit)) == whole


@given(st.lists(st.text(alphabet="abc=+", min_size=1, max_size=12), min_size=1, max_size=30))
def test_a_text_that_was_cut_at_line_ends_comes_back(lines: list[str]) -> None:
    """As Telegram's app for desktops does: where a line ends, and the line break is lost."""
    parts: list[str] = []
    for line in lines:
        if parts and length(f"{parts[-1]}\n{line}", TextUnit.UTF16) < LIMIT:
            parts[-1] += "\n" + line
        else:
            parts.append(line)
    assert join_texts(parts, PLATFORM) == "\n".join(lines)


def test_the_limit_is_counted_in_the_platforms_unit() -> None:
    assert join_texts(["😀" * 20, "b"], PLATFORM) == "😀" * 20 + "b"
    assert join_texts(["😀" * 19, "b"], PLATFORM) == "😀" * 19 + "\nb"


def test_a_block_of_code_of_which_each_piece_is_a_block_is_one_block_again() -> None:
    pieces = ["look:\n```python\na = 1\n    b = 2\n```", "```python\n    c = 3\n```", "```python\nd = 4\n```"]
    joined = join_texts(pieces, Capabilities(text_limit=1000))
    assert joined == "look:\n```python\na = 1\n    b = 2\n    c = 3\nd = 4\n```"
    two = ["```\na = 1\n```", "and\n```\nb = 2\n```"]
    assert join_texts(two, Capabilities(text_limit=1000)) == "\n".join(two)


def test_pieces_are_put_in_the_order_of_their_numbers_not_of_their_arrival() -> None:
    pieces = [piece(number, FULL) for number in (9, 10, 11)] + [piece(12, "end")]
    for order in itertools.permutations(pieces):
        found = run_of(order[0], order[1:], PLATFORM)
        assert [each.message.message_id for each in found] == ["9.9", "9.10", "9.11", "9.12"]


def test_pieces_whose_ids_are_no_numbers_are_put_in_the_order_in_which_they_came() -> None:
    """Meta's ids are random, and its times whole seconds."""
    first, second, rest = (
        replace(each, message=replace(each.message, message_id=name), arrived=NOON + timedelta(seconds=at))
        for each, name, at in ((piece(1, FULL), "wamid.Z", 0.1), (piece(2, FULL), "wamid.M", 0.2),
                               (piece(3, "end"), "wamid.A", 0.3))
    )  # fmt: skip
    earlier = replace(rest, arrived=NOON)
    for order in itertools.permutations([first, second, rest]):
        assert run_of(order[0], order[1:], PLATFORM) == [first, second, rest]
        assert run_of(earlier, [first, second], PLATFORM) == [earlier], "several were forwarded at once"


@pytest.mark.parametrize(
    "other",
    [
        piece(2, "rest", user="u2"),
        piece(2, "/cancel"),
        piece(2, "rest", at=60),
        piece(2, "rest", files=(Attachment(AttachmentKind.PICTURE, "image/png"),)),
    ],
)
def test_what_is_no_rest_is_not_joined(other: InboxItem) -> None:
    head = piece(1, FULL)
    assert run_of(head, [other], PLATFORM) == [head]


def test_a_short_message_has_no_rest() -> None:
    head = piece(1, "solve 2x = 4")
    assert run_of(head, [piece(2, "solve 3x = 6")], PLATFORM) == [head]


@given(st.permutations(range(8)), st.integers(0, 7))
def test_runs_do_not_depend_on_who_is_asked_first(order: list[int], cut: int) -> None:
    pieces = [piece(number, "end" if number in (cut, 7) else FULL) for number in range(8)]
    run = run_of(pieces[order[0]], [pieces[number] for number in order[1:]], PLATFORM)
    ends = [pieces[: cut + 1], pieces[cut + 1 :]]
    assert run in ends


def _chunks(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]
