"""What handlers find in the aiohttp application."""

from __future__ import annotations

import asyncio

from aiohttp import web

from botcore.app import App

APP = web.AppKey("app", App)
"""The opened parts of botcore."""

STOPPING = web.AppKey("stopping", asyncio.Event)
"""Set once the server is asked to stop."""
