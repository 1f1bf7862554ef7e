"""How the Graph API says no."""

from __future__ import annotations

from typing import Any

from aiohttp import web

Json = dict[str, Any]


class Refused(Exception):
    """An answer of the API that is no yes. ``headers`` go with it."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        details: str = "",
        *,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers or {}
        super().__init__(message)

    def answer(self) -> web.Response:
        """The response, in the API's envelope."""
        error: Json = {
            "message": f"(#{self.code}) {self.message}",
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "AbCdEfGhIjK",
        }
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return web.json_response({"error": error}, status=self.status, headers=self.headers)

    def as_status_error(self) -> Json:
        """The same as a member of ``errors`` of a failed status."""
        return {
            "code": self.code,
            "title": self.message,
            "message": self.message,
            "error_data": {"details": self.details or self.message},
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        }


class Broken(Exception):
    """An answer of something in front of the API: a status and a page."""

    def __init__(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.text = text
        self.headers = headers or {}
        super().__init__(text)

    def answer(self) -> web.Response:
        return web.Response(
            status=self.status, text=self.text, content_type="text/html", headers=self.headers
        )


def bad(details: str) -> Refused:
    """A parameter that does not fit."""
    return Refused(400, 100, "Invalid parameter", details)


def missing(name: str) -> Refused:
    return Refused(400, 131008, "Required parameter is missing", f"Parameter {name} is required.")


def wrong(details: str) -> Refused:
    return Refused(400, 131009, "Parameter value is not valid", details)


CLOSED = Refused(
    400,
    131047,
    "Re-engagement message",
    "Message failed to send because more than 24 hours have passed since the customer last replied to this "
    "number.",
)
UNDELIVERABLE = Refused(400, 131026, "Message undeliverable", "Message Undeliverable.")
BAD_MEDIA = Refused(400, 131053, "Media upload error", "Unsupported video format.")
