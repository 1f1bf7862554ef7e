"""What each method of the Bot API does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from botcore.testing.telegram_server import checks
from botcore.testing.telegram_server.calls import Call, Refused, bad
from botcore.testing.telegram_server.shown import Chat, Json, Media, Shown, as_json
from botcore.testing.telegram_server.updates import Updates, Webhook

LARGEST_DOWNLOAD = 20_000_000
LONGEST_POLL = 50
_SENDS = {
    "sendvideo": "video",
    "sendanimation": "animation",
    "sendphoto": "photo",
    "senddocument": "document",
}

Method = Callable[[Call], Awaitable[Any]]


class Methods:
    """Acts on the chats, the queue of updates and the menu.

    :param https_only: refuse webhooks over http, as the public server does and one of your own does not.
    """

    def __init__(self, me: Json, updates: Updates, *, https_only: bool) -> None:
        self.me = me
        self.updates = updates
        self.https_only = https_only
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        """What people sent, by file id."""
        self.callbacks: dict[str, bool] = {}
        """Pressed buttons, and whether the bot answered."""
        self.menus: dict[str, dict[str, str]] = {}
        """Descriptions by command, by language; empty for everybody else."""
        self._table: Mapping[str, Method] = {
            "getme": self._get_me,
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_webhook_info,
            "setmycommands": self._set_my_commands,
            "getmycommands": self._get_my_commands,
            "sendmessage": self._send_message,
            **dict.fromkeys(_SENDS, self._send_media),
            "editmessagetext": self._edit_text,
            "editmessagecaption": self._edit_caption,
            "editmessagemedia": self._edit_media,
            "sendchataction": self._send_chat_action,
            "answercallbackquery": self._answer_callback_query,
            "getfile": self._get_file,
        }

    async def act(self, call: Call) -> Any:
        """Do what is asked; the ``result``.

        :raises Refused: it is not allowed, or there is no such method.
        """
        method = self._table.get(call.method.lower())
        if method is None:
            raise Refused(404, "Not Found: method not found")
        return await method(call)

    # ------------------------------------------------------------------------------------------ the bot

    async def _get_me(self, _call: Call) -> Json:
        return self.me

    async def _get_updates(self, call: Call) -> list[Json]:
        self._allow(call)
        limit = min(100, max(1, call.number("limit") or 100))
        timeout = min(LONGEST_POLL, max(0, call.number("timeout") or 0))
        return await self.updates.poll(call.number("offset"), limit, timeout)

    async def _set_webhook(self, call: Call) -> bool:
        url = checks.check_webhook(call, https_only=self.https_only)
        self._allow(call)
        self._drop(call)
        self.updates.webhook = Webhook(url, call.text("secret_token")) if url else None
        self.updates.wake()
        return True

    async def _delete_webhook(self, call: Call) -> bool:
        self._drop(call)
        self.updates.webhook = None
        self.updates.wake()
        return True

    async def _get_webhook_info(self, _call: Call) -> Json:
        webhook = self.updates.webhook
        return {
            "url": webhook.url if webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates.pending),
            "allowed_updates": list(self.updates.allowed),
        }

    def _allow(self, call: Call) -> None:
        allowed = call.json("allowed_updates", list)
        if allowed is not None:
            self.updates.allowed = tuple(allowed)

    def _drop(self, call: Call) -> None:
        if call.flag("drop_pending_updates"):
            self.updates.pending.clear()

    async def _set_my_commands(self, call: Call) -> bool:
        commands = call.json("commands", list)
        if commands is None:
            raise bad("commands are not specified")
        language = call.text("language_code")
        checks.check_commands(commands, language)
        self.menus[language] = {item["command"]: item["description"] for item in commands}
        return True

    async def _get_my_commands(self, call: Call) -> list[Json]:
        menu = self.menus.get(call.text("language_code"), {})
        return [{"command": name, "description": text} for name, text in menu.items()]

    # ------------------------------------------------------------------------------------- new messages

    async def _send_message(self, call: Call) -> Json:
        chat = self._chat(call)
        text, entities = checks.check_text(call)
        preview = call.json("link_preview_options", dict) or {}
        message = self._new(
            call, chat, text=text, entities=entities, preview=not preview.get("is_disabled", False)
        )
        return as_json(message, chat, self.me)

    async def _send_media(self, call: Call) -> Json:
        chat = self._chat(call)
        kind = _SENDS[call.method.lower()]
        file = call.file(kind)
        if file is None:
            raise bad(f"there is no {kind} in the request")
        caption = checks.check_caption(call.text("caption"))
        media = self._media(call, kind, file.content, file.name, call.fields)
        message = self._new(call, chat, caption=caption, media=media)
        return as_json(message, chat, self.me)

    def _new(self, call: Call, chat: Chat, **shown: Any) -> Shown:
        buttons, reply_to = checks.check_keyboard(call), self._reply(call, chat)
        message = Shown(
            chat.next_id(),
            chat.id,
            0,
            buttons=buttons,
            reply_to=reply_to,
            topic=call.number("message_thread_id"),
            **shown,
        )
        chat.messages[message.message_id] = message
        return message

    def _reply(self, call: Call, chat: Chat) -> int | None:
        reply = call.json("reply_parameters", dict)
        if reply is None:
            return None
        if reply.get("message_id") in chat.messages:
            return int(reply["message_id"])
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad("message to be replied not found")

    def _media(self, call: Call, kind: str, content: bytes, name: str, fields: Mapping[str, Any]) -> Media:
        thumbnail = fields.get("thumbnail")
        sent = call.files.get("thumbnail") or (call.attached(thumbnail) if thumbnail else None)
        return Media(
            kind,
            content,
            name,
            width=int(fields.get("width") or 0),
            height=int(fields.get("height") or 0),
            duration=int(fields.get("duration") or 0),
            supports_streaming=str(fields.get("supports_streaming", "")).lower() == "true",
            thumbnail=checks.fitting_thumbnail(sent.content if sent else None),
        )

    # -------------------------------------------------------------------------------------------- edits

    async def _edit_text(self, call: Call) -> Json:
        chat, message = self._mine(call)
        if message.media is not None:
            raise bad("there is no text in the message to edit")
        text, entities = checks.check_text(call)
        return self._change(call, chat, message, text=text, entities=entities)

    async def _edit_caption(self, call: Call) -> Json:
        chat, message = self._mine(call)
        if message.media is None:
            raise bad("there is no caption in the message to edit")
        caption = checks.check_caption(call.text("caption"))
        return self._change(call, chat, message, caption=caption)

    async def _edit_media(self, call: Call) -> Json:
        chat, message = self._mine(call)
        wanted = call.json("media", dict)
        if wanted is None or wanted.get("type") not in _SENDS.values():
            raise bad("can't parse InputMedia: type must be one of video, animation, photo, document")
        file = call.attached(str(wanted.get("media", "")))
        caption = checks.check_caption(wanted.get("caption") or "")
        media = self._media(call, wanted["type"], file.content, file.name, wanted)
        return self._change(call, chat, message, text="", entities=[], caption=caption, media=media)

    def _mine(self, call: Call) -> tuple[Chat, Shown]:
        chat = self._chat(call)
        number = call.number("message_id")
        if number is None:
            raise bad("message identifier is not specified")
        if number not in chat.messages:
            raise bad("message to edit not found")
        message = chat.messages[number]
        if message.sender != 0:
            raise bad("message can't be edited")
        return chat, message

    def _change(self, call: Call, chat: Chat, message: Shown, **shown: Any) -> Json:
        shown["buttons"] = checks.check_keyboard(call)
        if all(getattr(message, name) == value for name, value in shown.items()):
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message"
            )
        for name, value in shown.items():
            setattr(message, name, value)
        message.versions += 1
        return as_json(message, chat, self.me)

    # ---------------------------------------------------------------------------------------- the rest

    async def _send_chat_action(self, call: Call) -> bool:
        self._chat(call).actions.append(checks.check_action(call))
        return True

    async def _answer_callback_query(self, call: Call) -> bool:
        query = call.text("callback_query_id")
        if self.callbacks.get(query, True):
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.callbacks[query] = True
        return True

    async def _get_file(self, call: Call) -> Json:
        file_id = call.text("file_id")
        if file_id not in self.files:
            raise bad("invalid file_id")
        size = len(self.files[file_id])
        if size > LARGEST_DOWNLOAD:
            raise bad("file is too big")
        path = f"documents/{file_id}"
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": size, "file_path": path}

    def _chat(self, call: Call) -> Chat:
        number = call.number("chat_id")
        if number is None:
            raise bad("chat_id is empty")
        if number not in self.chats:
            raise bad("chat not found")
        chat = self.chats[number]
        if chat.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat
