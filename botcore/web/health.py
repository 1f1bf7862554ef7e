"""``/healthz``, ``/readyz`` and ``/metrics``: for the machines that watch this one."""

from __future__ import annotations

import asyncio
import ipaddress
from http import HTTPStatus

from aiohttp import web

from botcore.errors import NotFound
from botcore.telemetry import get_logger, metrics
from botcore.web.keys import APP, STOPPING

CHECK_SECONDS = 3.0

log = get_logger(__name__)


async def healthz(_request: web.Request) -> web.Response:
    """The process answers. Nothing else is looked at: a restart would not mend a database."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """Whether a submission sent now would be worked on: 200, or 503 with the parts that are not ready."""
    app = request.app[APP]
    parts = {"server": not request.app[STOPPING].is_set(), "database": False, "renderer": False}
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await app.state.jobs.by_status()
            parts["database"] = True
            await app.host.renderer(app.renderer)
            parts["renderer"] = True
    except Exception:
        log.exception("not_ready")
    ready = all(parts.values())
    return web.json_response(
        {"status": "ready" if ready else "not ready", "parts": parts},
        status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )


async def show_metrics(request: web.Request) -> web.Response:
    """Prometheus text, to this machine only: a proxy passes requests on with its own header."""
    if not _from_this_machine(request):
        raise NotFound("page")
    for status, count in (await request.app[APP].state.jobs.by_status()).items():
        metrics.jobs.labels(status=status.value).set(count)
    body, content_type = metrics.exposition()
    return web.Response(body=body, headers={"Content-Type": content_type})


def _from_this_machine(request: web.Request) -> bool:
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
