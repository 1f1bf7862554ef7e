"""``GET /api/v1/providers``: who writes scripts, and how they fare."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from aiohttp import web
from pydantic import ConfigDict

from botcore.generation import Standing
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.web.bodies import View, respond
from botcore.web.callers import is_operator
from botcore.web.endpoints import Answer, Endpoint, Who
from botcore.web.keys import APP


class Summary(View):
    """Of the last calls, fifty at most and a day old at most."""

    calls: int
    success_rate: float | None
    p50_s: float | None
    """Half of the good calls took no longer; seconds."""
    p95_s: float | None


class LastError(View):
    """Why a call failed."""

    code: str
    detail: str
    at: datetime


class Used(View):
    """What calls used."""

    tokens: int
    usd: float


class Spent(View):
    """What calls of this day and this month used, in UTC."""

    today: Used
    month: Used


class ProviderView(View):
    """Who writes scripts. What stands after ``state`` is for the operator only."""

    name: str
    kind: Literal["exact", "language_model"]
    pictures: bool
    """Whether it reads problems in pictures."""
    state: Literal["ready", "resting", "over_budget"]
    summary: Summary | None = None
    circuit: Literal["closed", "half_open", "open"] | None = None
    open_until: datetime | None = None
    last_success: datetime | None = None
    last_error: LastError | None = None
    spent: Spent | None = None


class Providers(View):
    """Those that are installed, by name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"providers": [{"name": "solver", "kind": "exact", "pictures": False, "state": "ready"}]}
            ]
        }
    )

    providers: list[ProviderView]


async def get_providers(request: web.Request) -> web.Response:
    """Names, kinds and states, to everybody; figures, costs and the last error, to the operator only."""
    app = request.app[APP]
    detailed = await is_operator(request, app)
    shown = []
    for name, descriptor in sorted(app.host.providers.items()):
        standing = await app.gate.standing(name)
        brief = _brief(descriptor, standing)
        shown.append(_detailed(brief, standing) if detailed else brief)
    return respond(Providers(providers=shown))


def _brief(descriptor: ProviderDescriptor, standing: Standing) -> ProviderView:
    return ProviderView(
        name=descriptor.name,
        kind="exact" if descriptor.exact else "language_model",
        pictures=descriptor.pictures,
        state=standing.word,
    )


def _detailed(brief: ProviderView, standing: Standing) -> ProviderView:
    health, error = standing.health, standing.health.last_error
    return brief.model_copy(
        update={
            "summary": Summary(
                calls=health.calls,
                success_rate=health.success_rate,
                p50_s=health.p50_s,
                p95_s=health.p95_s,
            ),
            "circuit": health.state.value,
            "open_until": health.open_until,
            "last_success": health.last_success,
            "last_error": None
            if error is None
            else LastError(code=error.code, detail=error.detail, at=error.at),
            "spent": Spent(
                today=Used(tokens=standing.today.tokens, usd=standing.today.cost),
                month=Used(tokens=standing.this_month.tokens, usd=standing.this_month.cost),
            ),
        }
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/providers",
        get_providers,
        "List who writes scripts",
        "installation",
        who=Who.OPERATOR,
        answers={200: Answer("The providers, by name; figures for the operator only.", Providers)},
    ),
)
