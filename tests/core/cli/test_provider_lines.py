from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from botcore.app import open_database, prepare_data_dir
from botcore.cli.provider_lines import provider_lines, standings
from botcore.errors import ProviderMisconfigured
from tests.core.generation.calls import MODEL, call, gate_of
from tests.core.surface import host_of, settings_for


async def test_without_a_language_model_the_doctor_says_what_that_means(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    (line,) = provider_lines(await standings(settings, host_of(settings)))
    assert (line.ok, line.warning) == (True, True)
    assert "only what the solver knows" in line.seen
    assert "docs/providers.md" in line.remedy


async def test_the_doctor_says_how_each_language_model_fares(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    host = host_of(settings, MODEL, replace(MODEL, name="other"))
    async with open_database(settings, prepare_data_dir(settings)) as state:
        gate = gate_of(state)
        await call(gate)
        await call(gate, ProviderMisconfigured("models.example does not take the key (401)"))
    model, other = provider_lines(await standings(settings, host))
    assert (model.name, model.ok, model.warning) == ("provider model", True, True)
    assert model.seen.startswith("resting until ")
    assert "50% of 2 calls good; p50 1.0 s, p95 1.0 s" in model.seen
    assert "does not take the key" in model.remedy
    assert (other.name, other.warning, other.remedy) == ("provider other", False, "")
    assert other.seen.startswith("ready; no calls in the last day")
