"""Outgoing messages as the Graph API takes them, within its limits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botcore import Artifact, Button, Catalogue

Json = dict[str, Any]

BODY_LIMIT = 1024
"""Characters of a text that has buttons, and of a caption."""
TEXT_LIMIT = 4096
REPLY_BUTTONS = 3
_ROW_TITLE = 24
_NO_WORDS = "▶"
"""Buttons need a text above them."""
_FENCED = re.compile(r"^```[\w+#.-]*[ \t]*\n(.*?)\n?^```[ \t]*$", re.MULTILINE | re.DOTALL)
_VIDEOS = frozenset({"video/mp4", "video/3gpp"})
_IMAGES = frozenset({"image/jpeg", "image/png"})

_catalogue = Catalogue("botcore_whatsapp")


@dataclass(frozen=True, slots=True)
class Body:
    """``content`` stands under the name of ``type`` in the request."""

    type: str
    content: Json


def sendable(text: str) -> str:
    """``text`` without halves of characters, with code as WhatsApp marks it."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _FENCED.sub(lambda match: f"```{match[1]}```" if match[1].strip() else match[0], whole)


def length(text: str) -> int:
    """In UTF-16 units: no way of counting characters gives more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_bodies(text: str, buttons: Sequence[Button], language: str) -> list[Body]:
    """A text, with what can be tapped under it; two where both together are too long for one."""
    replies = [button for button in buttons if not button.url]
    links = [button for button in buttons if button.url]
    if not replies and len(links) == 1 and length(text) <= BODY_LIMIT:
        return [Body("interactive", _interactive("cta_url", text, _link(links[0])))]
    lines = "\n".join(line for line in [text, *(f"{link.label}: {link.url}" for link in links)] if line)
    if links and text and length(lines) > TEXT_LIMIT:
        return [_plain(text), *text_bodies("", buttons, language)]
    if not replies:
        return [_plain(lines)]
    if len(replies) <= REPLY_BUTTONS and length(lines) <= BODY_LIMIT:
        return [Body("interactive", _interactive("button", lines, _replies(replies)))]
    return [Body("interactive", _interactive("list", lines, _list(replies, language)))]


def media_body(media: Artifact, media_id: str, text: str, buttons: Sequence[Button]) -> Body:
    """An uploaded file with its words, and with at most three buttons where it has any."""
    kind = _kind(media)
    file: Json = {"id": media_id}
    if kind == "document":
        file["filename"] = media.path.name
    if not buttons:
        return Body(kind, file | ({"caption": text} if text else {}))
    interactive = _interactive("button", text, _replies(buttons))
    return Body("interactive", {"header": {"type": kind, kind: file}, **interactive})


def carries(buttons: Sequence[Button], text: str) -> bool:
    """Whether a file can have these buttons under it."""
    return (
        len(buttons) <= REPLY_BUTTONS
        and not any(button.url for button in buttons)
        and length(text) <= BODY_LIMIT
    )


def template_body(name: str, language: str) -> Body:
    """A message that Meta has approved."""
    return Body("template", {"name": name, "language": {"code": language}})


def _plain(text: str) -> Body:
    return Body("text", {"body": text, "preview_url": False})


def _kind(media: Artifact) -> str:
    if media.media_type in _VIDEOS:
        return "video"
    return "image" if media.media_type in _IMAGES else "document"


def _interactive(kind: str, text: str, action: Json) -> Json:
    return {"type": kind, "body": {"text": text.strip() or _NO_WORDS}, "action": action}


def _replies(buttons: Sequence[Button]) -> Json:
    return {
        "buttons": [
            {"type": "reply", "reply": {"id": button.data, "title": button.label}} for button in buttons
        ]
    }


def _link(button: Button) -> Json:
    return {"name": "cta_url", "parameters": {"display_text": button.label, "url": button.url}}


def _list(buttons: Sequence[Button], language: str) -> Json:
    rows = [{"id": button.data, "title": button.label[:_ROW_TITLE]} for button in buttons]
    return {"button": _catalogue.text(language, "Choose"), "sections": [{"rows": rows}]}
