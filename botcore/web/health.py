"""``/healthz``, ``/readyz``, ``/metrics`` and ``/health/relays``: for the machines that watch this one."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Literal

from aiohttp import web
from prometheus_client import Gauge
from pydantic import ConfigDict

from botcore.generation import CircuitState
from botcore.telemetry import ToldAlready, get_logger, metrics
from botcore.web.bodies import View, respond
from botcore.web.callers import is_operator
from botcore.web.endpoints import Answer, Endpoint, Who
from botcore.web.keys import APP, STOPPING
from botcore.web.problems import nothing_here

CHECK_SECONDS = 3.0
FREE_BYTES = 16 * 1024 * 1024
"""On the disk of ``data_dir``: with less, nothing can be written down, neither a submission nor an access."""
LISTED = 100
"""Stuck messages that are named; the counts know of all."""

_CIRCUITS = {CircuitState.CLOSED: 0, CircuitState.HALF_OPEN: 1, CircuitState.OPEN: 2}

log = get_logger(__name__)


class Alive(View):
    """The process answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: Literal["ok"]


class Parts(View):
    """What a submission needs."""

    server: bool
    """False once the server is asked to stop."""
    database: bool
    disk: bool
    """False while the disk of ``data_dir`` is full."""
    renderer: bool


class Readiness(View):
    """Whether a submission sent now would be worked on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "ready",
                    "parts": {"server": True, "database": True, "disk": True, "renderer": True},
                },
                {
                    "status": "not ready",
                    "parts": {"server": True, "database": True, "disk": True, "renderer": False},
                },
            ]
        }
    )

    status: Literal["ready", "not ready"]
    parts: Parts


class ParkedMessage(View):
    """A received message that was given up."""

    key: str
    platform: str
    code: str
    """Of the error that the last try ended with."""
    tries: int
    received_at: datetime


class ParkedMessages(View):
    """How many there are, and the first hundred."""

    count: int
    messages: list[ParkedMessage]


class DeadLetter(View):
    """An outgoing message that was given up."""

    key: str
    platform: str
    reason: str
    tries: int
    created_at: datetime


class DeadLetters(View):
    """How many there are, and the first hundred."""

    count: int
    letters: list[DeadLetter]


class Relays(View):
    """What is stuck between people and this server."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "parked": {"count": 0, "messages": []},
                    "dead": {
                        "count": 1,
                        "letters": [
                            {
                                "key": "9f1c2ab34d5e6f70",
                                "platform": "telegram",
                                "reason": "delivery_rejected",
                                "tries": 1,
                                "created_at": "2026-11-22T21:00:00Z",
                            }
                        ],
                    },
                }
            ]
        }
    )

    parked: ParkedMessages
    dead: DeadLetters


async def healthz(_request: web.Request) -> web.Response:
    """The process answers. Nothing else is looked at: a restart would not mend a database."""
    return respond(Alive(status="ok"))


async def readyz(request: web.Request) -> web.Response:
    """Whether a submission sent now would be worked on: 200, or 503 with the parts that are not ready."""
    parts = await look(request)
    ready = parts.server and parts.database and parts.disk and parts.renderer
    return respond(
        Readiness(status="ready" if ready else "not ready", parts=parts),
        status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE,
    )


async def look(request: web.Request) -> Parts:
    """Which parts are ready. It costs one statement that reads no table."""
    app = request.app[APP]
    parts = {
        "server": not request.app[STOPPING].is_set(),
        "database": False,
        "disk": False,
        "renderer": False,
    }
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await app.state.db.query("SELECT 1", [])
            parts["database"] = True
            disk = await asyncio.to_thread(shutil.disk_usage, app.settings.data_dir)
            parts["disk"] = disk.free >= FREE_BYTES
            await app.host.renderer(app.renderer)
            parts["renderer"] = True
    except ToldAlready:  # the log knows, and this is asked every few seconds
        pass
    except Exception:
        log.exception("not_ready")
    return Parts(**parts)


async def show_metrics(request: web.Request) -> web.Response:
    """Prometheus text, to this machine and to the scope ``admin``: a proxy passes requests on with its own
    header."""
    if not await is_operator(request, request.app[APP]):
        raise nothing_here()
    for status, count in (await request.app[APP].state.jobs.by_status()).items():
        metrics.jobs.labels(status=status.value).set(count)
    stuck = request.app[APP].state.stuck
    _set(metrics.messages_parked, await stuck.parked_by_platform())
    _set(metrics.dead_letters, await stuck.dead_by_platform())
    metrics.provider_circuit.clear()
    for name in request.app[APP].host.providers:
        standing = await request.app[APP].gate.standing(name)
        metrics.provider_circuit.labels(name).set(_CIRCUITS[standing.health.state])
    body, content_type = metrics.exposition()
    return web.Response(body=body, headers={"Content-Type": content_type})


async def show_relays(request: web.Request) -> web.Response:
    """What is stuck between people and this server, to this machine and to the scope ``admin``: received
    messages that were given up, and outgoing ones. Keys, codes and times; never what anybody wrote."""
    if not await is_operator(request, request.app[APP]):
        raise nothing_here()
    stuck = request.app[APP].state.stuck
    parked = [
        ParkedMessage(
            key=message.key,
            platform=message.platform,
            code=message.code,
            tries=message.tries,
            received_at=message.received_at,
        )
        for message in await stuck.messages(limit=LISTED)
    ]
    dead = [
        DeadLetter(
            key=letter.key,
            platform=letter.platform,
            reason=letter.reason,
            tries=letter.tries,
            created_at=letter.created_at,
        )
        for letter in await stuck.letters(limit=LISTED)
    ]
    return respond(
        Relays(
            parked=ParkedMessages(count=sum((await stuck.parked_by_platform()).values()), messages=parked),
            dead=DeadLetters(count=sum((await stuck.dead_by_platform()).values()), letters=dead),
        )
    )


def _set(gauge: Gauge, counts: Mapping[str, int]) -> None:
    """Show ``counts``; a platform that has none any more is not shown."""
    gauge.clear()
    for platform, count in counts.items():
        gauge.labels(platform).set(count)


ENDPOINTS = (
    Endpoint(
        "GET",
        "/healthz",
        healthz,
        "See whether the process answers",
        "health",
        answers={200: Answer("It does.", Alive)},
    ),
    Endpoint(
        "GET",
        "/readyz",
        readyz,
        "See whether submissions would be worked on",
        "health",
        answers={200: Answer("They would.", Readiness), 503: Answer("They would not.", Readiness)},
    ),
    Endpoint(
        "GET",
        "/metrics",
        show_metrics,
        "Read the metrics for Prometheus",
        "health",
        who=Who.OPERATOR,
        answers={200: Answer("The metrics.", ("text/plain",))},
        refusals=(nothing_here(),),
    ),
    Endpoint(
        "GET",
        "/health/relays",
        show_relays,
        "List the messages that are stuck",
        "health",
        who=Who.OPERATOR,
        answers={200: Answer("Counts, and the first hundred of each kind.", Relays)},
        refusals=(nothing_here(),),
    ),
)
