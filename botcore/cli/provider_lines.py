"""The lines of ``botcore doctor`` about those who write scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botcore.config import Settings
    from botcore.generation import Standing
    from botcore.hooks.descriptors import CheckResult
    from botcore.plugins import PluginHost

_POOR = 0.8
"""A provider that does its part less often than this should be looked at."""


async def standings(settings: Settings, host: PluginHost) -> dict[str, Standing]:
    """How the language models fare, from the record of their calls; none of them is called."""
    from botcore.app import open_database, prepare_data_dir
    from botcore.generation import Budgets, Gate

    async with open_database(settings, prepare_data_dir(settings)) as state:
        gate = Gate(state, Budgets(settings.budget, state.sessions, state.tokens))
        models = [name for name, item in host.providers.items() if not item.exact]
        return {name: await gate.standing(name) for name in sorted(models)}


def provider_lines(standing: dict[str, Standing]) -> Iterator[CheckResult]:
    """One line for each language model, or one that says that there is none. Nothing is wrong with this
    machine when a service is down, but somebody should look."""
    from botcore.hooks.descriptors import CheckResult

    if not standing:
        yield CheckResult(
            name="language models",
            ok=True,
            warning=True,
            seen="none is set up: only what the solver knows is answered",
            remedy="Set the key of one; docs/providers.md says how.",
        )
    for name, item in standing.items():
        rate = item.health.success_rate
        yield CheckResult(
            name=f"provider {name}",
            ok=True,
            warning=item.word != "ready" or (rate is not None and rate < _POOR),
            seen=_seen(item),
            remedy=_remedy(item),
        )


def _seen(item: Standing) -> str:
    health = item.health
    parts = [item.word.replace("_", " ")]
    if health.open_until is not None:
        parts[0] += f" until {health.open_until:%H:%M} UTC"
    if health.success_rate is None:
        parts.append("no calls in the last day")
    else:
        parts.append(f"{health.success_rate:.0%} of {health.calls} calls good")
    if health.p95_s is not None:
        parts.append(f"p50 {health.p50_s:.1f} s, p95 {health.p95_s:.1f} s")
    parts.append(f"{item.today.tokens} tokens and {item.today.cost:.2f} US$ today")
    return "; ".join(parts)


def _remedy(item: Standing) -> str:
    if item.over_budget:
        return "Its budget is used up: [budget.providers] raises it."
    error = item.health.last_error
    return "" if error is None else f"Its last error: {error.code} {error.detail}".rstrip()
