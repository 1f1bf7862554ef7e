"""A call of the Bot API as it came in: its fields from query, JSON, form or multipart, and its files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

LARGEST_UPLOAD = 50_000_000


class Refused(Exception):
    """The answer of a server that does not do what it is asked."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        self.status = status
        self.description = description
        self.parameters = parameters
        super().__init__(description)


def bad(description: str) -> Refused:
    """The commonest refusal."""
    return Refused(400, f"Bad Request: {description}")


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``fields`` are as they came: text from forms, any JSON from JSON."""

    method: str
    fields: dict[str, Any]
    files: dict[str, File] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field as text; empty when it is not there."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str) -> int | None:
        """A whole number; None when it is not there."""
        value = self.fields.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f"{name} must be a number") from None

    def flag(self, name: str) -> bool:
        return str(self.fields.get(name, "")).lower() in {"true", "1", "yes"}

    def json(self, name: str, kind: type) -> Any:
        """A field that holds JSON; None when it is not there."""
        value = self.fields.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise bad(f"can't parse {name}: invalid JSON") from None
        if not isinstance(value, kind):
            raise bad(f"object expected as {name}" if kind is dict else f"array expected as {name}")
        return value

    def file(self, name: str) -> File | None:
        """The file of a field: sent under its name, or elsewhere in the form as ``attach://…``."""
        if name in self.files:
            return self.files[name]
        value = self.text(name)
        return self.attached(value) if value else None

    def attached(self, reference: str) -> File:
        """The file that ``attach://name`` means."""
        name = reference.removeprefix("attach://")
        if name == reference or name not in self.files:
            raise bad("wrong file identifier/HTTP URL specified")
        return self.files[name]


async def read_call(method: str, request: web.Request) -> Call:
    """The call in a request.

    :raises Refused: its form is wrong, or it is too large.
    """
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read())
        except ValueError:
            raise bad("can't parse request body as JSON") from None
        if not isinstance(body, dict):
            raise bad("object expected as the body")
        return Call(method, fields | body)
    if request.content_type == "multipart/form-data":
        more, files = await _multipart(request)
        return Call(method, fields | more, files)
    return Call(method, fields | {name: str(value) for name, value in (await request.post()).items()})


async def _multipart(request: web.Request) -> tuple[dict[str, Any], dict[str, File]]:
    fields: dict[str, Any] = {}
    files: dict[str, File] = {}
    left = LARGEST_UPLOAD
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad("a part of the form has no name")
        content = bytearray()
        while chunk := await part.read_chunk(256 * 1024):
            content += chunk
            left -= len(chunk)
            if left < 0:
                raise Refused(413, "Request Entity Too Large")
        if part.filename is None:
            fields[part.name] = content.decode()
        else:
            media_type = part.headers.get("Content-Type", "application/octet-stream")
            files[part.name] = File(part.filename, media_type, bytes(content))
    return fields, files
