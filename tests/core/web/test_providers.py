from __future__ import annotations

from dataclasses import replace

import aiohttp

from botcore.errors import ProviderUnavailable
from botcore.model import Spending
from tests.core.generation.calls import MODEL, enter
from tests.core.web.conftest import Site


async def shown(client: aiohttp.ClientSession, **headers: str) -> dict[str, object]:
    async with client.get("/api/v1/providers", headers=headers) as response:
        assert response.status == 200
        (provider,) = (await response.json())["providers"]
        assert isinstance(provider, dict)
        return provider


async def fail(site: Site) -> None:
    """Note for “echo” what would be noted of a language model that is down and cost something."""
    gate = site.app.gate
    admission = await enter(gate, descriptor=replace(MODEL, name="echo"))
    error = ProviderUnavailable("models.example answered 503", retry_after=90.0)
    await gate.ended(admission, error, Spending(100, 0.25), seconds=2.0)


async def test_everybody_may_know_who_writes_scripts_and_whether_they_answer(
    site: Site, client: aiohttp.ClientSession
) -> None:
    stranger = {"X-Forwarded-For": "203.0.113.9"}
    echo = {"name": "echo", "kind": "exact", "pictures": False}
    assert await shown(client, **stranger) == echo | {"state": "ready"}
    await fail(site)
    assert await shown(client, **stranger) == echo | {"state": "resting"}


async def test_errors_and_costs_are_for_this_machine_alone(site: Site, client: aiohttp.ClientSession) -> None:
    await fail(site)
    provider = await shown(client)
    assert provider["circuit"] == "open"
    assert provider["spent"] == {
        "today": {"tokens": 100, "usd": 0.25},
        "month": {"tokens": 100, "usd": 0.25},
    }
    error = provider["last_error"]
    assert isinstance(error, dict)
    assert (error["code"], error["detail"]) == ("provider_unavailable", "models.example answered 503")
    assert provider["summary"] == {"calls": 1, "success_rate": 0.0, "p50_s": None, "p95_s": None}


async def test_metrics_show_each_circuit(site: Site, client: aiohttp.ClientSession) -> None:
    await fail(site)
    async with client.get("/metrics") as response:
        assert 'botcore_provider_circuit{provider="echo"} 2.0' in await response.text()
