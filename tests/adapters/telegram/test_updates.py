"""What each kind of update means."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botcore_telegram.updates import Bot, NameUnknown, NotAnUpdate, read_update
from hypothesis import given
from hypothesis import strategies as st

from botcore.model import AttachmentKind, Message

BOT = Bot(99, "Maths_Bot")
GROUP = {"id": -100, "type": "supergroup"}


def update(**message: Any) -> dict[str, Any]:
    person = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "pt-br"}
    base = {"message_id": 5, "date": 1_790_000_000, "chat": {"id": 7, "type": "private"}, "from": person}
    return {"update_id": 1000, "message": base | message}


def read(**message: Any) -> Message | None:
    received = read_update(update(**message), BOT)
    return received.message if received else None


def test_text_keeps_every_character_and_says_who_wrote_where() -> None:
    text = "solve x² = 4 \u202e👩\u200d👧 <b>&"
    message = read(text=text, reply_to_message={"message_id": 3, "from": {"id": 99}})
    assert message is not None
    assert (message.text, message.chat_id, message.user_id) == (text, "7", "7")
    assert (message.message_id, message.reply_to, message.language) == ("1000.5", "3", "pt-br")
    assert message.received_at is not None
    assert message.received_at.year == 2026


def test_a_code_file_comes_by_reference_with_its_caption() -> None:
    document = {"file_id": "F", "file_name": "scene.py", "mime_type": "text/x-python", "file_size": 300}
    message = read(document=document, caption="/code")
    assert message is not None
    (file,) = message.attachments
    assert (file.kind, file.name, file.reference, file.size, file.data) == (
        AttachmentKind.DOCUMENT,
        "scene.py",
        "F",
        300,
        None,
    )
    assert message.text == "/code"


def test_of_a_photo_the_largest_size_is_taken() -> None:
    sizes = [
        {"file_id": "s", "width": 90, "height": 60, "file_size": 1},
        {"file_id": "l", "width": 900, "height": 600, "file_size": 9},
        {"file_id": "m", "width": 300, "height": 200, "file_size": 4},
    ]
    message = read(photo=sizes, caption="what is x?")
    assert message is not None
    assert [(file.kind, file.reference) for file in message.attachments] == [(AttachmentKind.PICTURE, "l")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("voice", AttachmentKind.AUDIO),
        ("audio", AttachmentKind.AUDIO),
        ("video", AttachmentKind.VIDEO),
        ("video_note", AttachmentKind.VIDEO),
        ("animation", AttachmentKind.VIDEO),
        ("sticker", AttachmentKind.OTHER),
        ("location", AttachmentKind.OTHER),
        ("contact", AttachmentKind.OTHER),
        ("poll", AttachmentKind.OTHER),
    ],
)
def test_what_cannot_be_read_still_arrives_so_that_somebody_answers(name: str, kind: AttachmentKind) -> None:
    message = read(**{name: {"file_id": "F"}})
    assert message is not None
    assert [file.kind for file in message.attachments] == [kind]


@pytest.mark.parametrize(
    "body",
    [
        {"edited_message": update(text="x")["message"]},
        {"channel_post": {}},
        {"my_chat_member": {}},
        {"a_kind_of_next_year": {"any": "thing"}},
        {},
    ],
)
def test_other_kinds_of_updates_mean_nothing(body: dict[str, Any]) -> None:
    assert read_update({"update_id": 1, **body}, BOT) is None


def test_service_messages_bots_and_channels_mean_nothing() -> None:
    assert read(new_chat_members=[{"id": 8}]) is None
    assert read(text="hello", **{"from": {"id": 8, "is_bot": True}}) is None
    assert read(text="hello", chat={"id": -5, "type": "channel"}) is None


def test_a_button_sends_its_data_as_if_it_were_typed() -> None:
    pressed = {"message_id": 6, "chat": {"id": 7, "type": "private"}, "date": 0}
    query = {"id": "q1", "from": {"id": 7, "language_code": "ru"}, "message": pressed, "data": "/cancel abc"}
    received = read_update({"update_id": 2, "callback_query": query}, BOT)
    assert received is not None
    assert received.callback == "q1"
    message = received.message
    assert (message.text, message.chat_id, message.reply_to) == ("/cancel abc", "7", "6")
    assert (message.message_id, message.language) == ("2.6", "ru")


@pytest.mark.parametrize("missing", ["message", "data"])
def test_a_button_of_something_else_means_nothing(missing: str) -> None:
    query = {"id": "q", "from": {"id": 7}, "message": {"message_id": 6, "chat": {"id": 7}}, "data": "x"}
    query.pop(missing)
    assert read_update({"update_id": 2, "callback_query": query}, BOT) is None


# ------------------------------------------------------------------------------------------------------ code


def block(offset: int, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "pre", "offset": offset, "length": len(text.encode("utf-16-le")) // 2, **more}


CODE = "class A(Scene):\n    def construct(self):\n        self.wait()"


def test_a_block_of_code_arrives_between_the_fences_that_telegram_took_away() -> None:
    message = read(text=CODE, entities=[block(0, CODE, language="python")])
    assert message is not None
    assert message.text == f"```python\n{CODE}\n```"
    message = read(text=f"👩‍👧 draw:\n{CODE}\nplease", entities=[block(12, CODE)])
    assert message is not None
    assert message.text == f"👩‍👧 draw:\n```\n{CODE}\n```\nplease"
    message = read(
        text=f"/code {CODE}", entities=[block(6, CODE), {**block(0, "/code"), "type": "bot_command"}]
    )
    assert message is not None
    assert message.text == f"/code \n```\n{CODE}\n```"


def test_a_block_of_code_in_a_group_loses_the_name_and_keeps_its_lines() -> None:
    text = f"@maths_bot {CODE}"
    entities = [{"type": "mention", "offset": 0, "length": 10}, block(11, CODE)]
    assert group(text, entities=entities) == f"```\n{CODE}\n```".strip()
    assert group(CODE, entities=[block(0, CODE)]) is None


def test_pictures_of_an_album_say_that_they_belong_together() -> None:
    album = [read(photo=[{"file_id": str(n)}], media_group_id="1357") for n in range(2)]
    assert [message.group for message in album if message is not None] == ["1357", "1357"]


def test_an_administrator_who_writes_as_the_group_is_answered_in_the_group() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    message = read(text="/help", chat=GROUP, sender_chat=GROUP, **{"from": anonymous})
    assert message is not None
    assert (message.chat_id, message.user_id) == ("-100", "-100")
    other = {"id": -200, "type": "channel"}
    assert read(text="/help", chat=GROUP, sender_chat=other, **{"from": anonymous}) is None


# ---------------------------------------------------------------------------------------------------- groups


def group(text: str, **more: Any) -> str | None:
    message = read(text=text, chat=GROUP, **more)
    return message.text if message else None


def mention(offset: int, length: int) -> dict[str, Any]:
    return {"entities": [{"type": "mention", "offset": offset, "length": length}]}


def test_a_group_is_heard_only_when_it_names_the_bot() -> None:
    assert group("solve 2x = 4") is None
    assert group("@maths_bot solve 2x = 4", **mention(0, 10)) == "solve 2x = 4"
    assert group("solve 2x = 4, @Maths_Bot", **mention(14, 10)) == "solve 2x = 4"
    assert group("@other_bot solve 2x = 4", **mention(0, 10)) is None
    assert group("mail me: a@maths_bot solve") is None, "no entity, no mention"
    assert group("👩‍👧 @Maths_Bot 2x = 4", **mention(6, 10)) == "👩‍👧  2x = 4", "offsets are UTF-16 units"
    by_id = {"entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": {"id": 99}}]}
    assert group("Maths solve 2x = 4", **by_id) == "solve 2x = 4"


def test_a_group_is_heard_by_command_and_by_reply_to_the_bot() -> None:
    assert group("/help") == "/help"
    assert group("/code@MATHS_BOT print") == "/code@MATHS_BOT print"
    assert group("/code@other_bot print") is None
    assert group("make it red", reply_to_message={"message_id": 2, "from": {"id": 99}}) == "make it red"
    assert group("nonsense", reply_to_message={"message_id": 2, "from": {"id": 98}}) is None


def test_a_caption_can_name_the_bot_too() -> None:
    photo = {"photo": [{"file_id": "F", "width": 1, "height": 1}]}
    entities = {"caption_entities": mention(0, 10)["entities"]}
    message = read(chat=GROUP, caption="@Maths_Bot what is x?", **photo, **entities)
    assert message is not None
    assert message.text == "what is x?"
    assert read(chat=GROUP, caption="what is x?", **photo) is None


def test_before_the_bot_knows_its_name_a_group_has_to_wait() -> None:
    with pytest.raises(NameUnknown):
        read_update(update(text="@x hi", chat=GROUP, **mention(0, 2)), Bot(99))
    received = read_update(update(text="hello"), Bot(99))
    assert received is not None, "a private chat need not"


def test_a_topic_of_a_forum_is_part_of_the_address() -> None:
    message = read(text="/help", chat=GROUP, message_thread_id=12, is_topic_message=True)
    assert message is not None
    assert message.chat_id == "-100/12"


# --------------------------------------------------------------------------------------------------- hostile


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        5,
        "x",
        {},
        {"update_id": "1"},
        {"update_id": True},
        {"update_id": 1, "message": None},
        update(text=["x"]),
        update(text="x", chat={"id": "7", "type": "private"}) | {"update_id": None},
        update(text="x", **{"from": {"id": "7"}}),
        update(text="x", date="soon"),
        update(text="x", date=10**20),
        update(document={"file_id": 5}),
    ],
)
def test_what_is_no_update_is_refused(body: object) -> None:
    with pytest.raises(NotAnUpdate):
        read_update(body, BOT)


MEMBERS = (
    *("message", "callback_query", "chat", "from", "id", "text", "type", "document", "photo", "entities"),
    *("message_id", "date", "data", "offset", "length", "file_id", "reply_to_message", "update_id"),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6),
    max_leaves=20,
)


@given(ANYTHING, ANYTHING)
def test_nothing_else_is_raised_whatever_comes(message: Any, over: Any) -> None:
    bodies: list[object] = [message, {"update_id": 1, "message": message, "callback_query": over}]
    if isinstance(over, dict):
        bodies += [update(text="x", chat=GROUP) | over, update(**over)]
    for body in bodies:
        try:
            received = read_update(json.loads(json.dumps(body)), BOT)
        except (NotAnUpdate, NameUnknown):
            continue
        assert received is None or isinstance(received.message.text, str)
