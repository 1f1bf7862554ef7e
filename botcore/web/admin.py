"""``/api/v1/admin/…``: how the installation fares, for tokens with the scope ``admin``.

Nothing here says what anybody wrote. Being on the same machine is not enough, not even to read: pages in its
browsers are there, too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from aiohttp import web
from pydantic import ConfigDict, Field

from botcore.model import JobKind, Status
from botcore.web.bodies import Query, View, read_query, respond
from botcore.web.callers import require_admin
from botcore.web.cursors import Cursor, bookmark_of, cursor_of
from botcore.web.endpoints import Answer, Endpoint, Who
from botcore.web.health import Parts, look
from botcore.web.keys import APP
from botcore.web.providers import Used


class AdminJobsQuery(Query):
    """Which jobs."""

    limit: int = Field(default=50, ge=1, le=100)
    """Jobs of a page."""
    cursor: Cursor = ""
    """``next`` of the page before; empty for the first one."""
    status: Status | None = None
    """Only jobs with this status."""


class AdminJob(View):
    """A job, without what anybody wrote."""

    id: str
    kind: JobKind
    platform: str
    status: Status
    renderer: str
    provider: str | None
    generations: int
    processing_s: float
    error: str | None
    """The code of the error that ended it."""
    created_at: datetime
    updated_at: datetime


class AdminJobs(View):
    """How many jobs there are, and a page of them, the newest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"counts": {"ready": 1}, "jobs": [], "next": None}]}
    )

    counts: dict[Status, int]
    jobs: list[AdminJob]
    next: str | None


class ProviderCost(View):
    """What one provider used."""

    name: str
    today: Used
    month: Used


class Cost(View):
    """What language models used, in UTC's days and months."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "today": {"tokens": 1200, "usd": 0.01},
                    "month": {"tokens": 90000, "usd": 0.8},
                    "providers": [
                        {
                            "name": "openai",
                            "today": {"tokens": 1200, "usd": 0.01},
                            "month": {"tokens": 90000, "usd": 0.8},
                        }
                    ],
                }
            ]
        }
    )

    today: Used
    month: Used
    providers: list[ProviderCost]


class ProviderState(View):
    """How a provider fares."""

    name: str
    state: Literal["ready", "resting", "over_budget"]
    error: str | None
    """The code of its last error."""


class Health(View):
    """How the parts fare that a submission needs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "parts": {"server": True, "database": True, "disk": True, "renderer": True},
                    "store": "local",
                    "adapters": ["telegram"],
                    "providers": [{"name": "solver", "state": "ready", "error": None}],
                    "parked": 0,
                    "dead_letters": 0,
                }
            ]
        }
    )

    parts: Parts
    store: str
    adapters: list[str]
    """The platforms that this process speaks."""
    providers: list[ProviderState]
    parked: int
    """Received messages that were given up."""
    dead_letters: int
    """Outgoing ones."""


class PluginView(View):
    """A plugin, and what became of it."""

    name: str
    outcome: str
    distribution: str
    version: str
    provides: list[str]
    reason: str
    """Why it is not loaded; empty when it is."""


class Plugins(View):
    """Those that are installed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ok": True, "plugins": []}]})

    ok: bool
    """Whether each enabled one loaded and its settings are right."""
    plugins: list[PluginView]


async def get_admin_jobs(request: web.Request) -> web.Response:
    """All jobs by status, and a page of them."""
    app = request.app[APP]
    await require_admin(request, app)
    query = read_query(request, AdminJobsQuery)
    jobs, more = await app.state.pages.page(
        None, limit=query.limit, after=bookmark_of(query.cursor), status=query.status
    )
    shown = [
        AdminJob(
            id=job.id,
            kind=job.kind,
            platform=job.platform,
            status=job.status,
            renderer=job.renderer,
            provider=job.provider,
            generations=job.generations,
            processing_s=round(job.processing_s, 3),
            error=None if job.failure is None else job.failure.code,
            created_at=job.created_at,
            updated_at=job.updated_at,
        )
        for job in jobs
    ]
    counts = await app.state.jobs.by_status()
    return respond(AdminJobs(counts=counts, jobs=shown, next=cursor_of(more)))


async def get_admin_cost(request: web.Request) -> web.Response:
    """What language models used today and this month, by provider and in all."""
    app = request.app[APP]
    await require_admin(request, app)
    providers = []
    for name in sorted(app.host.providers):
        today, month = await app.state.budgets.of_provider(name)
        providers.append(
            ProviderCost(
                name=name,
                today=Used(tokens=today.tokens, usd=today.cost),
                month=Used(tokens=month.tokens, usd=month.cost),
            )
        )
    return respond(
        Cost(
            today=_sum([each.today for each in providers]),
            month=_sum([each.month for each in providers]),
            providers=providers,
        )
    )


async def get_admin_health(request: web.Request) -> web.Response:
    """How the parts fare, and how much is stuck."""
    app = request.app[APP]
    await require_admin(request, app)
    providers = []
    for name in sorted(app.host.providers):
        standing = await app.gate.standing(name)
        error = standing.health.last_error
        providers.append(
            ProviderState(name=name, state=standing.word, error=None if error is None else error.code)
        )
    return respond(
        Health(
            parts=await look(request),
            store=app.settings.store,
            adapters=[adapter.name for adapter in app.adapters],
            providers=providers,
            parked=sum((await app.state.stuck.parked_by_platform()).values()),
            dead_letters=sum((await app.state.stuck.dead_by_platform()).values()),
        )
    )


async def get_admin_plugins(request: web.Request) -> web.Response:
    """What is installed, and what kept one from loading."""
    app = request.app[APP]
    await require_admin(request, app)
    return respond(
        Plugins(
            ok=app.host.ok,
            plugins=[
                PluginView(
                    name=record.name,
                    outcome=record.outcome.value,
                    distribution=record.distribution,
                    version=record.version,
                    provides=list(record.provides),
                    reason=record.reason,
                )
                for record in app.host.records
            ],
        )
    )


def _sum(parts: list[Used]) -> Used:
    return Used(tokens=sum(part.tokens for part in parts), usd=sum(part.usd for part in parts))


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/admin/jobs",
        get_admin_jobs,
        "List the jobs of everybody",
        "admin",
        who=Who.ADMIN,
        query=AdminJobsQuery,
        answers={200: Answer("Counts, and a page of jobs.", AdminJobs)},
    ),
    Endpoint(
        "GET",
        "/api/v1/admin/health",
        get_admin_health,
        "See how the parts fare",
        "admin",
        who=Who.ADMIN,
        answers={200: Answer("The parts.", Health)},
    ),
    Endpoint(
        "GET",
        "/api/v1/admin/cost",
        get_admin_cost,
        "See what language models cost",
        "admin",
        who=Who.ADMIN,
        answers={200: Answer("Today and this month.", Cost)},
    ),
    Endpoint(
        "GET",
        "/api/v1/admin/plugins",
        get_admin_plugins,
        "List the plugins",
        "admin",
        who=Who.ADMIN,
        answers={200: Answer("The plugins.", Plugins)},
    ),
)
