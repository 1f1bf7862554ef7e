"""What people do: write, press buttons, send files. Each makes an update."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from botcore.testing.telegram_server.methods import Methods
from botcore.testing.telegram_server.shown import Chat, Json, Shown, as_json
from botcore.testing.telegram_server.updates import Updates

PERSON = 4_242
"""The person whose private chat with the bot is there from the start."""


class People:
    """Everybody who writes to the bot. A chat that is named for the first time begins then."""

    def __init__(self, methods: Methods, updates: Updates, changed: Callable[[], None]) -> None:
        self._methods = methods
        self._updates = updates
        self._changed = changed
        self._files = 0

    def chat(self, number: int = PERSON) -> Chat:
        """A chat; of a private one the number is the person's, a group's is negative."""
        return self._methods.chats.setdefault(number, Chat(number))

    def say(
        self,
        text: str,
        *,
        chat: int = PERSON,
        person: int = PERSON,
        language: str = "en",
        reply_to: int | None = None,
        entities: Sequence[Json] = (),
        topic: int | None = None,
        **more: Any,
    ) -> Json | None:
        """Write a message; ``more`` are further members of it. Returns the update, None when the bot does not
        want it."""
        place = self.chat(chat)
        message = Shown(place.next_id(), chat, person, text, entities=list(entities), topic=topic)
        place.messages[message.message_id] = message
        body = as_json(message, place, self._methods.me) | more
        body["from"]["language_code"] = language
        if reply_to is not None:
            body["reply_to_message"] = as_json(place.messages[reply_to], place, self._methods.me)
        return self._tell("message", body)

    def mention(self, text: str, *, chat: int, person: int = PERSON) -> Json | None:
        """Write in a group and name the bot wherever ``text`` has ``@bot``."""
        name = f"@{self._methods.me['username']}"
        before = text.partition("@bot")[0]
        entity = {"type": "mention", "offset": len(before.encode("utf-16-le")) // 2, "length": len(name)}
        return self.say(text.replace("@bot", name, 1), chat=chat, person=person, entities=[entity])

    def send_file(
        self, name: str, content: bytes, media_type: str, *, chat: int = PERSON, caption: str = ""
    ) -> Json | None:
        """Send a document."""
        document = self._keep(content) | {"file_name": name, "mime_type": media_type}
        return self.say("", chat=chat, document=document, **_captioned(caption))

    def send_photo(self, content: bytes, *, chat: int = PERSON, caption: str = "") -> Json | None:
        """Send a picture; the bot is offered two sizes of it."""
        small, large = self._keep(content[:10]), self._keep(content)
        sizes = [small | {"width": 90, "height": 60}, large | {"width": 900, "height": 600}]
        return self.say("", chat=chat, photo=sizes, **_captioned(caption))

    def edit(self, number: int, text: str, *, chat: int = PERSON) -> Json | None:
        """Change a message of one's own."""
        place = self.chat(chat)
        place.messages[number].text = text
        body = as_json(place.messages[number], place, self._methods.me) | {"edit_date": int(time.time())}
        return self._tell("edited_message", body)

    def press(self, label: str, *, chat: int = PERSON, person: int = PERSON) -> str:
        """Press the newest button that says ``label``; the id of the press."""
        place = self.chat(chat)
        for message in reversed(place.messages.values()):
            for button in (button for row in message.buttons for button in row):
                if button["text"] == label and "callback_data" in button:
                    return self._press(place, message, button["callback_data"], person)
        raise AssertionError(f"there is no button {label!r}")

    def _press(self, place: Chat, message: Shown, data: str, person: int) -> str:
        query = f"press-{len(self._methods.callbacks) + 1}"
        self._methods.callbacks[query] = False
        sender = {"id": person, "is_bot": False, "first_name": "Ada", "language_code": "en"}
        self._tell(
            "callback_query",
            {
                "id": query,
                "from": sender,
                "message": as_json(message, place, self._methods.me),
                "chat_instance": str(place.id),
                "data": data,
            },
        )
        return query

    def _keep(self, content: bytes) -> Json:
        self._files += 1
        file_id = f"file-{self._files}"
        self._methods.files[file_id] = content
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(content)}

    def _tell(self, kind: str, body: Json) -> Json | None:
        update = self._updates.add(kind, body)
        self._changed()
        return update


def _captioned(caption: str) -> dict[str, Any]:
    return {"caption": caption} if caption else {}
