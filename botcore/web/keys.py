"""What handlers find in the aiohttp application and in a request."""

from __future__ import annotations

import asyncio

from aiohttp import web

from botcore.app import App

APP = web.AppKey("app", App)
"""The opened parts of botcore."""

STOPPING = web.AppKey("stopping", asyncio.Event)
"""Set once the server is asked to stop."""

ORIGINS = web.AppKey("origins", frozenset[str])
"""Those whose pages may write."""

OPENAPI = web.AppKey("openapi", bytes)
"""The description of the API, as it is sent."""

DOCS = web.AppKey("docs", bytes)
"""The page that shows it."""

REQUEST_ID = web.RequestKey("request_id", str)
"""The id that the answer, the log and a problem document name."""

LANGUAGE = web.RequestKey("language", str)
"""In which the answer's page speaks; a BCP 47 tag or empty."""

ACCEPTED = web.RequestKey("accepted", bool)
"""Set where one more line in the log says nothing: a platform's call that was taken in."""
