"""A broken plugin never takes the core down: each of them is installed for real, beside good ones."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from botcore.config import PluginSection, Settings
from botcore.errors import ConfigError, PluginError, UnknownPlugin
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.plugins import Outcome, PluginHost, load_plugins
from botcore.plugins.discovery import discover
from botcore.telemetry import metrics
from botcore.telemetry.redaction import clean_text
from botcore.testing.doubles import EchoProvider
from tests.core.plugins.distributions import FITS, Fixture, Pick, install
from tests.core.plugins.fixtures import BROKEN, INCOMPATIBLE

LIMIT = 0.5


def records(host: PluginHost) -> dict[str, Outcome]:
    return {record.name: record.outcome for record in host.records}


def everything_registered(host: PluginHost) -> set[str]:
    return {f"{catalog.kind} {name}" for catalog in vars(host)["_catalogs"].values() for name in catalog}


def test_a_good_plugin_of_ten_lines_is_loaded(pick: Pick) -> None:
    host = load_plugins(Settings(), pick("good"))
    (record,) = host.records
    assert (record.outcome, record.distribution, record.version) == (Outcome.LOADED, "fixture-good", "1.2.3")
    assert record.provides == ("provider good",)
    assert record.reason == record.traceback == ""
    assert record.seconds > 0
    assert host.ok
    assert list(host.providers) == ["good"]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_fails_alone_and_leaves_nothing(name: str, pick: Pick) -> None:
    alone = everything_registered(load_plugins(Settings(), pick("good", "recording")))

    host = load_plugins(Settings(), pick("good", "recording", name), limit=LIMIT)

    assert records(host) == {"good": Outcome.LOADED, "recording": Outcome.LOADED, name: Outcome.FAILED}
    failed = next(record for record in host.records if record.name == name)
    assert BROKEN[name][1] in failed.reason
    assert "\n" not in failed.reason
    assert failed.traceback.startswith("Traceback")
    assert (failed.distribution, failed.version, failed.provides) == (f"fixture-{name}", "1.2.3", ())
    assert everything_registered(host) == alone
    assert not host._manager.has_plugin(name)
    assert not host.ok
    host.require_valid_config()  # only the operator's own mistakes keep the core from starting


@pytest.mark.parametrize("name", INCOMPATIBLE)
def test_a_plugin_for_another_version_is_not_even_imported(name: str, pick: Pick) -> None:
    host = load_plugins(Settings(), pick("good", name))
    assert records(host) == {"good": Outcome.LOADED, name: Outcome.INCOMPATIBLE}
    assert INCOMPATIBLE[name][1] in host.records[-1].reason
    assert INCOMPATIBLE[name][0].module not in sys.modules
    assert not host.ok


def test_a_disabled_plugin_is_not_imported(pick: Pick) -> None:
    host = load_plugins(
        Settings(plugins={"import_error": PluginSection(enabled=False)}), pick("import-error")
    )
    assert records(host) == {"import-error": Outcome.DISABLED}
    assert host.ok


def family_of(pick: Pick, **values: object) -> PluginHost:
    return load_plugins(
        Settings.model_validate({"plugins": {"family": values}}) if values else Settings(),
        pick("family", "good"),
    )


def test_settings_decide_what_a_family_registers(pick: Pick) -> None:
    host = family_of(pick, accounts={"home": 1, "work": 2})
    assert host.records[0].provides == ("provider home", "provider work")
    assert {name: item.priority for name, item in host.providers.items()} == {"home": 1, "work": 2, "good": 0}
    assert host.providers.plugin_of("work") == "family"


def test_a_family_that_is_not_set_up_registers_nothing(pick: Pick) -> None:
    host = family_of(pick)
    assert (host.records[0].outcome, list(host.providers)) == (Outcome.DISABLED, ["good"])
    assert "BOTCORE_PLUGINS__FAMILY__ACCOUNTS__NAME" in host.records[0].reason
    assert host.ok


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"accounts": {"Not A Name": 1}}, "provider name 'Not A Name' is not valid"),
        ({"accounts": {"home": 1}, "wrong": True}, "a StoreDescriptor of another kind"),
    ],
)
def test_a_member_is_checked_like_everything_else(pick: Pick, values: dict[str, object], reason: str) -> None:
    host = family_of(pick, **values)
    assert host.records[0].outcome is Outcome.FAILED
    assert reason in host.records[0].reason
    assert list(host.providers) == ["good"]


def test_the_second_plugin_of_a_name_fails_and_the_first_stays(pick: Pick) -> None:
    pick()
    both = [candidate for candidate in discover() if candidate.name == "good"]
    host = load_plugins(Settings(), both)
    assert [record.outcome for record in host.records] == [Outcome.LOADED, Outcome.FAILED]
    assert "already there, from fixture-good" in host.records[1].reason


def test_everything_that_is_installed_at_once_still_leaves_the_good_ones(pick: Pick) -> None:
    everybody = pick("good", "with-config", "recording", *BROKEN, *INCOMPATIBLE)
    host = load_plugins(Settings(), everybody, limit=LIMIT)
    loaded = {name for name, outcome in records(host).items() if outcome is Outcome.LOADED}
    assert loaded == {"good", "with-config", "recording"}


@pytest.mark.parametrize("entry_points", ["[botcore]\nno value", "[botcore]\nodd = !!", "\n[botcore]\n= x"])
def test_metadata_that_cannot_be_read_is_that_distributions_fault_alone(
    entry_points: str, pick: Pick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pick()
    info = tmp_path / "mangled-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: mangled\nVersion: 1.0\nRequires-Dist: {FITS}\n"
    )
    (info / "entry_points.txt").write_text(entry_points)
    monkeypatch.syspath_prepend(tmp_path)
    host = load_plugins(Settings(), [c for c in discover() if c.name == "good" or c.owner == "mangled"])
    outcomes = {(record.distribution, record.outcome) for record in host.records}
    assert {("fixture-good", Outcome.LOADED), ("mangled", Outcome.FAILED)} <= outcomes


def test_a_distribution_without_a_name_is_a_row_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nameless-1.0.dist-info").mkdir()
    (tmp_path / "nameless-1.0.dist-info" / "entry_points.txt").write_text("[botcore]\nx = y")
    monkeypatch.syspath_prepend(tmp_path)
    (nameless,) = (candidate for candidate in discover() if candidate.owner == "unknown")
    (record,) = load_plugins(Settings(), [nameless]).records
    assert record.outcome is Outcome.FAILED
    assert record.reason


def test_of_a_distribution_that_is_there_twice_the_first_counts(
    pick: Pick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (installed,) = pick("good")
    newer = install([Fixture("good", "raise SystemExit", version="9.0.0")], tmp_path)
    monkeypatch.syspath_prepend(newer)
    (first,) = pick("good")
    assert (installed.version, first.version) == ("1.2.3", "9.0.0")


def test_loading_works_outside_the_main_thread_where_nothing_can_be_interrupted(pick: Pick) -> None:
    from concurrent.futures import ThreadPoolExecutor

    found = pick("good", "hook-raises")
    with ThreadPoolExecutor(1) as pool:
        host = pool.submit(load_plugins, Settings(), found).result()
    assert records(host) == {"good": Outcome.LOADED, "hook-raises": Outcome.FAILED}


# ------------------------------------------------------------------------------------------ their sections


def with_section(**values: Any) -> Settings:
    return Settings.model_validate({"plugins": {"with_config": values}})


def test_a_section_is_checked_by_the_plugins_model(pick: Pick) -> None:
    host = load_plugins(with_section(size=7, token="s3cret-value"), pick("with-config"))
    config = host.config_of("with-config")
    assert config.model_dump()["size"] == 7
    assert "s3cret" not in repr(config)


def test_mistakes_in_a_section_are_lines_and_the_plugin_fails(pick: Pick) -> None:
    host = load_plugins(with_section(size=70, sice=1), pick("good", "with-config"))
    assert records(host) == {"good": Outcome.LOADED, "with-config": Outcome.FAILED}
    assert host.problems == (
        "plugins.with_config.size = 70: must be a whole number, at least 1, at most 9",
        "plugins.with_config.sice: unknown key; did you mean “size”? Allowed: size, token, enabled",
    )
    with pytest.raises(ConfigError) as caught:
        host.require_valid_config()
    assert caught.value.problems == host.problems


def test_a_section_of_no_installed_plugin_is_a_mistake_with_a_hint(pick: Pick) -> None:
    settings = Settings.model_validate({"plugins": {"goood": {}, "absent": {"enabled": False}}})
    host = load_plugins(settings, pick("good"))
    assert host.problems == (
        "plugins.goood: no such plugin is installed; did you mean “good”? Installed: good",
    )


# ------------------------------------------------------------------------------------------ look-ups


def test_an_unknown_name_says_what_there_is(pick: Pick) -> None:
    host = load_plugins(Settings(), pick("good"))
    with pytest.raises(UnknownPlugin) as caught:
        host.providers["god"]
    assert caught.value.message == "There is no provider named “god”. Available: good."
    with pytest.raises(UnknownPlugin, match="available: none"):
        host.stores["shelf"]


def test_a_check_that_breaks_is_a_line_that_is_not_ok(pick: Pick, tmp_path: Path) -> None:
    host = load_plugins(Settings(data_dir=tmp_path), pick("with-config"))
    (fine,) = host.run_check("size")
    (broken,) = host.run_check("broken")
    assert (fine.ok, fine.seen) == (True, "3")
    assert not broken.ok
    assert "SystemExit: 4" in broken.seen
    assert broken.remedy


async def test_a_factory_gets_its_config_and_a_folder_of_its_own(pick: Pick, tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path, "plugins": {"with_config": {"size": 2}}})
    async with load_plugins(settings, pick("with-config")) as host:
        shelf: Any = await host.store("shelf")
        config, context = shelf.config, shelf.context
    assert config.size == 2
    assert context.data_dir == tmp_path / "plugins" / "with-config"
    assert context.data_dir.is_dir()
    assert context.workers == len(os.sched_getaffinity(0))


async def test_a_running_host_hides_every_secret_and_counts_the_outcomes(pick: Pick, tmp_path: Path) -> None:
    values = {"data_dir": tmp_path, "plugins": {"with_config": {"token": "hunter2-hunter2"}}}
    host = load_plugins(Settings.model_validate(values), pick("with-config", "misspelt", "too-new"))
    async with host:
        assert "hunter2" not in clean_text("sent with hunter2-hunter2")
    for outcome, count in (("loaded", 1), ("failed", 1), ("incompatible", 1), ("disabled", 0)):
        assert metrics.REGISTRY.get_sample_value("botcore_plugins", {"outcome": outcome}) == count


async def test_nothing_opens_before_the_host_runs_or_after(pick: Pick, tmp_path: Path) -> None:
    host = load_plugins(Settings(data_dir=tmp_path), pick("good"))
    with pytest.raises(PluginError, match="not running"):
        await host.provider("good")
    async with host:
        assert await host.provider("good") is await host.provider("good")
    with pytest.raises(PluginError, match="not running"):
        await host.provider("good")


async def test_exact_providers_are_opened_ahead_whatever_one_of_them_does(tmp_path: Path) -> None:
    opened: list[str] = []

    def provider(name: str, *, exact: bool) -> ProviderDescriptor:
        @asynccontextmanager
        async def factory(_config: Any, _context: Any) -> AsyncIterator[Any]:
            opened.append(name)
            if name == "broken":
                raise RuntimeError("no library")
            yield EchoProvider()

        return ProviderDescriptor(name=name, languages=("flat",), factory=factory, exact=exact)

    host = load_plugins(Settings(data_dir=tmp_path), [])
    host.register_builtin(
        provider("broken", exact=True), provider("model", exact=False), provider("sums", exact=True)
    )
    async with host:
        await host.open_exact_providers()
        assert opened == ["broken", "sums"]
        await host.provider("sums")
    assert opened == ["broken", "sums"]
