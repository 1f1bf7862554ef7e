"""The aiohttp application and the server around it."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import web

from botcore.app import App
from botcore.errors import CannotListen
from botcore.hooks.descriptors import Route
from botcore.ports import Adapter
from botcore.telemetry import get_logger
from botcore.web import (
    access,
    admin,
    completions,
    docs,
    events,
    health,
    jobs,
    linking,
    openapi,
    platforms,
    providers,
    session,
    stuck,
    submitting,
    validating,
    video,
)
from botcore.web.bodies import in_time
from botcore.web.callers import guarded, listed_origins
from botcore.web.connections import Runner
from botcore.web.endpoints import Endpoint, Who
from botcore.web.headers import header_writer
from botcore.web.keys import ACCEPTED, APP, DOCS, OPENAPI, ORIGINS, STOPPING
from botcore.web.problems import problems
from botcore.web.requests import MAX_BODY, identify

ENDPOINTS: tuple[Endpoint, ...] = (
    *submitting.ENDPOINTS,
    *jobs.ENDPOINTS,
    *events.ENDPOINTS,
    *validating.ENDPOINTS,
    *completions.ENDPOINTS,
    *access.ENDPOINTS,
    *video.ENDPOINTS,
    *session.ENDPOINTS,
    *linking.ENDPOINTS,
    *platforms.ENDPOINTS,
    *providers.ENDPOINTS,
    *admin.ENDPOINTS,
    *stuck.ENDPOINTS,
    *health.ENDPOINTS,
    *openapi.ENDPOINTS,
    *docs.ENDPOINTS,
)
"""All that is described. Not among them: the webhooks of platforms, whose callers know what to send."""

STOP_SECONDS = 10.0
"""How long requests that are being answered may go on once the server stops."""

_REMEDIES = {
    errno.EADDRINUSE: "Stop what uses the port, or choose another one (--port, web.port).",
    errno.EACCES: "Choose a port above 1023 (--port, web.port) and put a proxy in front.",
}

log = get_logger(__name__)


def build(app: App, stopping: asyncio.Event) -> web.Application:
    """The HTTP surface of the opened parts. Platforms mount their webhooks outside ``/api``, where the check
    of the origin and the session have no say."""
    site = web.Application(middlewares=[identify, problems], client_max_size=MAX_BODY)
    site.on_response_prepare.append(header_writer(app.settings.web))
    site[APP] = app
    site[STOPPING] = stopping
    validating.open_readers(site)
    events.open_listening(site)
    video.open_streaming(site)
    site[ORIGINS] = listed_origins(app.settings.web)
    description = openapi.describe(ENDPOINTS, app.settings.web.public_url)
    site[OPENAPI] = openapi.encoded(description)
    site[DOCS] = docs.page(description)
    for endpoint in ENDPOINTS:
        _mount(site, endpoint)
    for adapter in app.adapters:
        for route in adapter.routes:
            site.router.add_route(route.method, route.path, _mounted(adapter.name, route, app))
    return site


@asynccontextmanager
async def serving(app: App, stopping: asyncio.Event) -> AsyncIterator[str]:
    """Listen while the body runs; yields the address, such as ``http://127.0.0.1:8080``.

    :raises CannotListen: the port is taken, or the address is none of this machine's.
    """
    runner = Runner(build(app, stopping), shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    host, port = app.settings.web.host, app.settings.web.port
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise CannotListen(
                str(error),
                address=f"{host} port {port}",
                problem=os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror),
                remedy=_REMEDIES.get(error.errno or 0, "Set web.host to an address of this machine."),
            ) from None
        bound = runner.addresses[0]
        name = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        yield f"http://{name}:{bound[1]}"
    finally:
        await runner.cleanup()


def _mount(site: web.Application, endpoint: Endpoint) -> None:
    handler = endpoint.handler
    if endpoint.writes and endpoint.who is not Who.VIEWER:  # whose handlers look at the origin themselves
        handler = guarded(handler)
    site.router.add_route(endpoint.method, endpoint.route, handler)
    if endpoint.method == "GET":
        site.router.add_route("HEAD", endpoint.route, handler)


def _mounted(platform: str, route: Route, app: App) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    adapter: Adapter | None = None

    async def handle(request: web.Request) -> web.StreamResponse:
        nonlocal adapter
        if adapter is None:  # once opened it stays open as long as this server
            adapter = await app.host.adapter(platform)
        bounded = request if route.max_body == MAX_BODY else request.clone(client_max_size=route.max_body)
        # In time: whoever holds no secret could keep connections for ever.
        response = await in_time(bounded, route.handle(adapter, bounded, app.intake.receive))
        if request.method == "POST":  # a GET may come from a browser, and its answer repeat what was asked
            # What becomes of a message is in the log; that it came, ten thousand times an hour, need not be.
            request[ACCEPTED] = response.status == HTTPStatus.OK
        return response

    return handle
