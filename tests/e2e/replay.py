"""A file of Telegram updates as a busy day brings them: ``python -m tests.e2e.replay FILE COUNT``.

Every line is one update as Telegram posts it. The same count makes the same file: problems, commands and
idle talk of many chats and groups, a fifth of them a second time, all out of order, between edits, stickers,
members that join, and kinds of updates that do not exist yet.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOUBLES = 0.2
PEOPLE = range(1_000, 1_300)
"""Each has a private chat, and a group with the number below zero."""
_DATE = 1_760_000_000


@dataclass(frozen=True, slots=True)
class Expected:
    """What the file holds: messages that concern the bot, and problems among them."""

    messages: int
    problems: int


def write_updates(file: Path, count: int) -> Expected:
    """Write ``count`` updates."""
    chance = random.Random(count)  # noqa: S311  # a repeatable file
    once = round(count * (1 - DOUBLES))
    made = [_update(number, chance) for number in range(1, once + 1)]
    lines = made + chance.choices(made, k=count - once)
    chance.shuffle(lines)
    file.write_text("".join(json.dumps(update) + "\n" for update, _ in lines))
    kinds = [kind for _, kind in made]
    return Expected(len(kinds) - kinds.count("nothing"), kinds.count("problem"))


def _update(number: int, chance: random.Random) -> tuple[dict[str, Any], str]:
    """An update, and what it is to the bot: a problem, some other message, or nothing."""
    person = chance.choice(PEOPLE)
    private, group = {"id": person, "type": "private"}, {"id": -person, "type": "supergroup"}
    kinds = {
        "problem": (4, _said(number, private, person, text=f"solve {number}x = {2 * number} for x")),
        "command": (5, _said(number, private, person, text=chance.choice(("/help", "/status", "/quality")))),
        "group command": (2, _said(number, group, person, text="/help")),
        "sticker": (2, _said(number, private, person, sticker={"file_id": f"s{number}"})),
        "chat in a group": (20, _said(number, group, person, text="did you solve number 7?")),
        "edit": (20, _said(number, private, person, text="solve 2x = 4", kind="edited_message")),
        "somebody joined": (10, _said(number, group, person, new_chat_members=[{"id": 5}])),
        "of next year": (20, {"update_id": number, "thought": {"of": person, "picture": [number] * 5}}),
    }
    (name,) = chance.choices(list(kinds), [weight for weight, _ in kinds.values()])
    return kinds[name][1], _MEANING.get(name, "nothing")


_MEANING = {"problem": "problem", "command": "other", "group command": "other", "sticker": "other"}


def _said(
    number: int, chat: dict[str, Any], person: int, *, kind: str = "message", **content: Any
) -> dict[str, Any]:
    sender = {"id": person, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    return {
        "update_id": number,
        kind: {"message_id": number, "date": _DATE + number, "chat": chat, "from": sender} | content,
    }


def lines_of(file: Path) -> Iterator[bytes]:
    """The updates, one after the other."""
    with file.open("rb") as lines:
        yield from (line.rstrip(b"\n") for line in lines)


if __name__ == "__main__":
    sys.stdout.write(f"{write_updates(Path(sys.argv[1]), int(sys.argv[2]))}\n")
