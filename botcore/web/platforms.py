"""``GET /api/v1/platforms``: where people can write to this bot, and what is possible there."""

from __future__ import annotations

from aiohttp import web
from pydantic import ConfigDict

from botcore.app import WEB, platform_title
from botcore.model import Capabilities
from botcore.web.bodies import View, respond
from botcore.web.endpoints import Answer, Endpoint
from botcore.web.keys import APP


class MediaView(View):
    """Files that can be sent natively."""

    media_type: str
    """Such as ``video/mp4``, or ``video/*``."""
    max_bytes: int


class CapabilitiesView(View):
    """What a platform can do; 0 of a limit is none."""

    text_limit: int
    text_unit: str
    caption_limit: int
    media: list[MediaView]
    edit_text: bool
    text_to_media: bool
    buttons: int
    typing: bool
    reactions: bool
    receipts: bool
    preview_control: bool
    formatting: bool


class PlatformView(View):
    """A platform."""

    name: str
    title: str
    """What people call it."""
    capabilities: CapabilitiesView


class Platforms(View):
    """Those that this server speaks, by name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "platforms": [
                        {
                            "name": "web",
                            "title": "Web",
                            "capabilities": {
                                "text_limit": 0,
                                "text_unit": "code_points",
                                "caption_limit": 0,
                                "media": [],
                                "edit_text": False,
                                "text_to_media": False,
                                "buttons": 0,
                                "typing": False,
                                "reactions": False,
                                "receipts": False,
                                "preview_control": False,
                                "formatting": False,
                            },
                        }
                    ]
                }
            ]
        }
    )

    platforms: list[PlatformView]


async def get_platforms(request: web.Request) -> web.Response:
    """The platforms that this server speaks; this API among them, as ``web``."""
    app = request.app[APP]
    known = {WEB: Capabilities()} | {each.name: each.capabilities for each in app.adapters}
    return respond(
        Platforms(
            platforms=[
                PlatformView(name=name, title=platform_title(app.host, name), capabilities=_view(can))
                for name, can in sorted(known.items())
            ]
        )
    )


def _view(can: Capabilities) -> CapabilitiesView:
    return CapabilitiesView(
        text_limit=can.text_limit,
        text_unit=can.text_unit.value,
        caption_limit=can.caption_limit,
        media=[MediaView(media_type=each.media_type, max_bytes=each.max_bytes) for each in can.media],
        edit_text=can.edit_text,
        text_to_media=can.text_to_media,
        buttons=can.buttons,
        typing=can.typing,
        reactions=can.reactions,
        receipts=can.receipts,
        preview_control=can.preview_control,
        formatting=can.formatting,
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/platforms",
        get_platforms,
        "List where people can write",
        "installation",
        answers={200: Answer("The platforms, by name.", Platforms)},
    ),
)
