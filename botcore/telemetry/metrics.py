"""The Prometheus metrics of botcore, on a registry of their own. ``/metrics`` shows :func:`exposition`.

Labels take few values: names of plugins, statuses, error codes; never an id and never a text.
"""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

_SHORT = (0.001, 0.005, 0.02, 0.1, 0.5, 1, 5)
_LONG = (0.05, 0.1, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 300)

hook_seconds = Histogram(
    "botcore_hook_seconds",
    "Time of one implementation of an event hook.",
    ["hook", "plugin"],
    buckets=_SHORT,
    registry=REGISTRY,
)
hook_failures = Counter(
    "botcore_hook_failures",
    "Implementations of event hooks passed over: raised, timeout, answered (a wrong type).",
    ["hook", "plugin", "reason"],
    registry=REGISTRY,
)
plugins = Gauge("botcore_plugins", "Installed plugins by outcome of loading.", ["outcome"], registry=REGISTRY)
task_failures = Counter(
    "botcore_task_failures", "Background tasks that ended in an exception.", ["task"], registry=REGISTRY
)
messages = Counter(
    "botcore_messages",
    "Messages received: new, or repeated by the platform.",
    ["platform", "outcome"],
    registry=REGISTRY,
)
jobs = Gauge("botcore_jobs", "Jobs in the database by status.", ["status"], registry=REGISTRY)
jobs_finished = Counter(
    "botcore_jobs_finished", "Jobs that reached a final status.", ["kind", "status"], registry=REGISTRY
)
jobs_failed = Counter("botcore_jobs_failed", "Failed jobs by error code.", ["code"], registry=REGISTRY)
jobs_running = Gauge("botcore_jobs_running", "Jobs that this process works on now.", registry=REGISTRY)
queue_depth = Gauge("botcore_queue_depth", "Jobs that wait.", registry=REGISTRY)
reaped = Counter(
    "botcore_reaped",
    "Deleted, its time being over: session, job, message, letter, picture, link, token, account, spending.",
    ["kind"],
    registry=REGISTRY,
)
videos_deleted = Counter(
    "botcore_videos_deleted",
    "Stored videos deleted: seen by whoever took the single access, else the status that their job ended in.",
    ["reason"],
    registry=REGISTRY,
)
stage_seconds = Histogram(
    "botcore_stage_seconds",
    "Time of one stage of a job.",
    ["stage", "outcome"],
    buckets=_LONG,
    registry=REGISTRY,
)
generations = Counter(
    "botcore_generations",
    "Sources asked of a provider, by outcome.",
    ["provider", "outcome"],
    registry=REGISTRY,
)
generation_seconds = Histogram(
    "botcore_generation_seconds", "Time of one generation.", ["provider"], buckets=_LONG, registry=REGISTRY
)
generation_tokens = Counter(
    "botcore_generation_tokens",
    "Tokens that providers counted, asked and answered.",
    ["provider"],
    registry=REGISTRY,
)
generation_cost = Counter(
    "botcore_generation_cost_usd", "US dollars that generations cost.", ["provider"], registry=REGISTRY
)
provider_circuit = Gauge(
    "botcore_provider_circuit",
    "Circuit of a provider: 0 closed, 1 half open, 2 open.",
    ["provider"],
    registry=REGISTRY,
)
messages_parked = Gauge(
    "botcore_messages_parked",
    "Received messages that were given up and wait for the operator.",
    ["platform"],
    registry=REGISTRY,
)
dead_letters = Gauge(
    "botcore_dead_letters",
    "Outgoing messages that were given up and wait for the operator.",
    ["platform"],
    registry=REGISTRY,
)
sends = Counter(
    "botcore_sends", "Messages sent, by platform and outcome.", ["platform", "outcome"], registry=REGISTRY
)
http_requests = Counter(
    "botcore_http_requests",
    "HTTP requests by method, route and status.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
http_seconds = Histogram(
    "botcore_http_seconds", "Time of one HTTP request.", ["route"], buckets=_SHORT, registry=REGISTRY
)


def exposition() -> tuple[bytes, str]:
    """The text for Prometheus, and its content type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
