"""``GET /api/v1/providers``: who writes scripts, and how they fare."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web

from botcore.generation import Standing
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.web.health import from_this_machine
from botcore.web.keys import APP


async def get_providers(request: web.Request) -> web.Response:
    """Names, kinds and states, to everybody; figures, costs and the last error, to this machine only."""
    app = request.app[APP]
    detailed = from_this_machine(request)
    shown = []
    for name, descriptor in sorted(app.host.providers.items()):
        standing = await app.gate.standing(name)
        shown.append(_brief(descriptor, standing) | (_details(standing) if detailed else {}))
    return web.json_response({"providers": shown}, headers={"Cache-Control": "no-store"})


def _brief(descriptor: ProviderDescriptor, standing: Standing) -> dict[str, Any]:
    return {
        "name": descriptor.name,
        "kind": "exact" if descriptor.exact else "language_model",
        "pictures": descriptor.pictures,
        "state": standing.word,
    }


def _details(standing: Standing) -> dict[str, Any]:
    health, error = standing.health, standing.health.last_error
    return {
        "summary": {
            "calls": health.calls,
            "success_rate": health.success_rate,
            "p50_s": health.p50_s,
            "p95_s": health.p95_s,
        },
        "circuit": health.state.value,
        "open_until": _time(health.open_until),
        "last_success": _time(health.last_success),
        "last_error": None
        if error is None
        else {"code": error.code, "detail": error.detail, "at": _time(error.at)},
        "spent": {
            "today": {"tokens": standing.today.tokens, "usd": standing.today.cost},
            "month": {"tokens": standing.this_month.tokens, "usd": standing.this_month.cost},
        },
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
