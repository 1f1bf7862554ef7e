"""The limits of the Cloud API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from botcore.testing.whatsapp_server.refusals import Refused, bad, missing, wrong
from botcore.testing.whatsapp_server.shown import Json, Media, Option

TEXT, BODY, LIST_BODY, CAPTION = 4096, 1024, 4096, 1024
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
ROWS, ROW_TITLE, ROW_ID, MENU = 10, 24, 200, 20
TRACKER = 512
"""Characters, or how many."""
LARGEST: Mapping[str, int] = {"video": 16_000_000, "image": 5_000_000, "document": 100_000_000}
"""Bytes, by how a file is shown."""
UPLOADED = frozenset(
    {"video/mp4", "video/3gpp", "image/jpeg", "image/png", "image/webp", "application/pdf", "text/plain"}
    | {"audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus"}
)
_SHOWN_AS: Mapping[str, frozenset[str]] = {
    "video": frozenset({"video/mp4", "video/3gpp"}),
    "image": frozenset({"image/jpeg", "image/png"}),
}


def text(value: object, name: str, limit: int) -> str:
    """A text that is there and not too long."""
    if value is None or value == "":
        raise missing(name)
    if not isinstance(value, str):
        raise bad(f"Param {name} must be a string.")
    if not value.strip():
        raise bad(f"Param {name} must not be blank.")
    if len(value) > limit:
        raise bad(f"Param {name} must be at most {limit} characters long.")
    return value


def table(value: object, name: str) -> Json:
    if value is None:
        raise missing(name)
    if not isinstance(value, dict):
        raise bad(f"Param {name} must be a JSON object.")
    return value


def array(value: object, name: str, most: int) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise bad(f"Param {name} must be an array.")
    if not 1 <= len(value) <= most:
        raise wrong(f"Invalid {name} count. Min allowed: 1, Max allowed: {most}.")
    return value


def envelope(body: Json) -> None:
    """What every call to ``messages`` holds."""
    if body.get("messaging_product") != "whatsapp":
        raise missing("messaging_product")
    tracker = body.get("biz_opaque_callback_data")
    if tracker is not None:
        text(tracker, "biz_opaque_callback_data", TRACKER)
    if "context" in body:
        text(table(body["context"], "context").get("message_id"), "context['message_id']", 1000)


def action(interactive: Json) -> tuple[str, list[Option], str]:
    """The text of an interactive message, what can be tapped, and what opens its list."""
    kind = interactive.get("type")
    limit = LIST_BODY if kind == "list" else BODY
    said = text(table(interactive.get("body"), "body").get("text"), "body['text']", limit)
    act = table(interactive.get("action"), "action")
    if kind == "button":
        return said, _buttons(act), ""
    if kind == "list":
        if "header" in interactive and interactive["header"].get("type") != "text":
            raise wrong("List messages take a header of type text only.")
        return said, _rows(act), text(act.get("button"), "action['button']", MENU)
    if kind == "cta_url":
        return said, [_link(act)], ""
    raise wrong(f"Interactive type {kind!r} is not one of button, list, cta_url.")


def _buttons(act: Json) -> list[Option]:
    options = []
    for button in array(act.get("buttons"), "buttons", BUTTONS):
        if button.get("type") != "reply":
            raise wrong("Button type must be reply.")
        reply = table(button.get("reply"), "reply")
        options.append(
            Option(text(reply.get("title"), "title", BUTTON_TITLE), text(reply.get("id"), "id", BUTTON_ID))
        )
    _distinct(options)
    return options


def _rows(act: Json) -> list[Option]:
    sections = array(act.get("sections"), "sections", 10)
    options = []
    for section in sections:
        if len(sections) > 1:
            text(section.get("title"), "section['title']", ROW_TITLE)
        for row in array(section.get("rows"), "rows", ROWS):
            title, data = text(row.get("title"), "title", ROW_TITLE), text(row.get("id"), "id", ROW_ID)
            options.append(Option(title, data))
    if len(options) > ROWS:
        raise wrong(f"Total row count exceed max allowed count: {ROWS}.")
    if len({option.id for option in options}) < len(options):
        raise wrong("Duplicated row id.")
    return options


def _distinct(options: list[Option]) -> None:
    if len({option.id for option in options}) < len(options):
        raise wrong("Duplicated button id.")
    if len({option.label for option in options}) < len(options):
        raise wrong("Duplicated button title.")


def _link(act: Json) -> Option:
    parameters = table(act.get("parameters"), "parameters")
    if act.get("name") != "cta_url":
        raise wrong("Action name must be cta_url.")
    url = text(parameters.get("url"), "url", 2000)
    if not re.match(r"https?://[^\s/]+", url):
        raise wrong("Invalid URL.")
    return Option(text(parameters.get("display_text"), "display_text", BUTTON_TITLE), url=url)


def shown_as(kind: str, media_type: str, size: int) -> None:
    """Whether an uploaded file can be shown so.

    :raises Refused: its type or its size does not do.
    """
    types = _SHOWN_AS.get(kind)
    if types is not None and media_type not in types:
        raise bad(f"Media of type {media_type} cannot be sent as {kind}.")
    if size > LARGEST[kind]:
        raise bad(f"{kind.capitalize()} file is too large, max {LARGEST[kind]} bytes.")


def upload(fields: Mapping[str, Any], file: Media | None) -> Media:
    """The uploaded file.

    :raises Refused: it is not there, or its type or size does not do.
    """
    if fields.get("messaging_product") != "whatsapp":
        raise bad("The parameter messaging_product is required.")
    if file is None:
        raise bad("Param file is required.")
    if file.media_type not in UPLOADED:
        raise bad(
            f"Param file must be a file with one of the following types: {', '.join(sorted(UPLOADED))}."
        )
    if fields.get("type", file.media_type) != file.media_type:
        raise bad("Param type is not the type of the file.")
    if not 0 < len(file.content) <= LARGEST["document"]:
        raise Refused(413, 100, "Invalid parameter", "File size is not allowed.")
    return file
