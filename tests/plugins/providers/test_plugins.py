"""The plugins as the core loads them: what they register, what they need, what they cost."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from botcore.config import load_settings
from botcore.errors import ConfigError
from botcore.plugins import Outcome, PluginHost, load_plugins
from botcore.plugins.discovery import discover
from botcore.telemetry.redaction import clean_text
from botcore.testing.model_server import KEY, MODEL, ModelServer
from tests.plugins.providers.models import CASES, Asker, Case

SERVICES = [case.name for case in CASES if case.name != "openai-compatible"]
ENOUGH: dict[str, dict[str, str]] = {name: {"key": KEY} for name in SERVICES}
ENOUGH["cloudflare"]["account"] = "acc0unt"
ENDPOINTS = """
[plugins.openai_compatible.endpoints.home]
base_url = "http://127.0.0.1:11434/v1"
model = "qwen3-coder"
priority = 5

[plugins.openai_compatible.endpoints.work]
base_url = "https://models.example/v1"
model = "big"
pictures = true
"""

Load = Callable[..., PluginHost]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """``load("groq", text, NAME="value")``: one plugin, with a file and an environment."""

    def load(name: str, text: str = "", **environ: str) -> PluginHost:
        file = tmp_path / "botcore.toml"
        file.write_text(f'data_dir = "{tmp_path}"\n{text}')
        return load_plugins(
            load_settings(file, environ=environ), [each for each in discover() if each.name == name]
        )

    return load


def environ(name: str) -> dict[str, str]:
    return {f"BOTCORE_PLUGINS__{name.upper()}__{key.upper()}": value for key, value in ENOUGH[name].items()}


@pytest.mark.parametrize("name", SERVICES)
def test_without_its_key_a_service_is_off_and_says_what_it_needs(name: str, load: Load) -> None:
    host = load(name)
    assert (host.records[0].outcome, len(host.providers)) == (Outcome.DISABLED, 0)
    assert f"BOTCORE_PLUGINS__{name.upper()}__KEY" in host.records[0].reason
    assert host.ok


def test_cloudflare_needs_its_account_too(load: Load) -> None:
    key = {"BOTCORE_PLUGINS__CLOUDFLARE__KEY": KEY}
    assert "BOTCORE_PLUGINS__CLOUDFLARE__ACCOUNT" in load("cloudflare", **key).records[0].reason
    host = load("cloudflare", BOTCORE_PLUGINS__CLOUDFLARE__ACCOUNT="acc0unt", **key)
    config: Any = host.config_of("cloudflare")
    assert config.address() == "https://api.cloudflare.com/client/v4/accounts/acc0unt/ai/v1"
    assert config.host() == "api.cloudflare.com"


@pytest.mark.parametrize("name", SERVICES)
def test_with_its_key_a_service_is_a_language_model(name: str, load: Load) -> None:
    host = load(name, f"[plugins.{name}]\npriority = 7\npictures = true\n", **environ(name))
    descriptor = host.providers[name]
    assert host.records[0].provides == (f"provider {name}",)
    assert (descriptor.languages, descriptor.exact) == ((), False)
    assert (descriptor.priority, descriptor.pictures) == (7, True)


@pytest.mark.parametrize("name", SERVICES)
def test_a_key_in_the_file_is_refused_and_not_repeated(name: str, load: Load) -> None:
    host = load(name, f'[plugins.{name}]\nkey = "{KEY}"\n')
    (problem,) = host.problems
    assert "is a secret and must not be in this file" in problem
    assert KEY not in problem


def test_each_endpoint_is_a_provider_of_its_own_name(load: Load) -> None:
    host = load("openai-compatible", ENDPOINTS)
    assert host.records[0].provides == ("provider home", "provider work")
    assert (host.providers["home"].priority, host.providers["home"].pictures) == (5, False)
    assert (host.providers["work"].priority, host.providers["work"].pictures) == (0, True)
    assert host.providers["work"].summary == "big at models.example"


def test_without_an_endpoint_it_says_how_to_name_one(load: Load) -> None:
    record = load("openai-compatible").records[0]
    assert record.outcome is Outcome.DISABLED
    assert "BOTCORE_PLUGINS__OPENAI_COMPATIBLE__ENDPOINTS__NAME__BASE_URL" in record.reason


def test_the_key_of_an_endpoint_comes_from_the_environment_alone(load: Load) -> None:
    variable = "BOTCORE_PLUGINS__OPENAI_COMPATIBLE__ENDPOINTS__HOME__KEY"
    config: Any = load("openai-compatible", ENDPOINTS, **{variable: KEY}).config_of("openai-compatible")
    assert config.endpoints["home"].key.get_secret_value() == KEY
    assert config.endpoints["work"].key.get_secret_value() == ""

    host = load("openai-compatible", f'{ENDPOINTS}\nkey = "{KEY}"\n')
    (problem,) = host.problems
    assert "plugins.openai_compatible.endpoints.work.key: is a secret" in problem
    assert KEY not in problem


@pytest.mark.parametrize("name", ["Home", "my-server", "a__b", "x_", "1st", "x" * 33])
def test_a_name_that_no_variable_can_hold_is_refused(name: str, load: Load) -> None:
    table = f'[plugins.openai_compatible.endpoints."{name}"]\nbase_url = "http://h/v1"\nmodel = "m"\n'
    (problem,) = load("openai-compatible", table).problems
    assert "is no name of an endpoint" in problem


def test_a_mistake_in_one_endpoint_names_its_key(load: Load) -> None:
    text = ENDPOINTS + "tmperature = 1\n"
    (problem,) = load("openai-compatible", text).problems
    assert "plugins.openai_compatible.endpoints.work.tmperature: unknown key; did you mean “temp" in problem
    with pytest.raises(ConfigError):
        load("openai-compatible", text).require_valid_config()


async def test_endpoints_side_by_side_ask_their_own_servers(load: Load) -> None:
    async with ModelServer() as first, ModelServer() as second:
        text = "".join(
            f'[plugins.openai_compatible.endpoints.{name}]\nbase_url = "{url}"\nmodel = "{MODEL}"\n'
            for name, url in (("one", first.url("openai")), ("two", second.url("huggingface")))
        )
        keys = {f"BOTCORE_PLUGINS__OPENAI_COMPATIBLE__ENDPOINTS__{name}__KEY": KEY for name in ("ONE", "TWO")}
        async with load("openai-compatible", text, **keys) as host:
            assert clean_text(f"key {KEY}") == "key [hidden]", "no log line shows the key of an endpoint"
            await Asker(await host.provider("one"))("for one")
            await Asker(await host.provider("two"))("for two")
        assert "for one" in first.asked[0].text
        assert "for two" in second.asked[0].text
        assert len(first.asked) == len(second.asked) == 1


async def test_a_server_that_wants_no_key_is_asked_without_one() -> None:
    async with ModelServer(key=None) as server:
        at_home = next(case for case in CASES if case.name == "openai-compatible")
        async with at_home.open(server, key="") as ask:
            assert (await ask("hello")).source.code == "hello"


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name != "gemini"], ids=lambda case: case.name
)
async def test_what_the_settings_call_extra_goes_along(case: Case) -> None:
    async with ModelServer() as server, case.open(server, extra={"reasoning_effort": "low"}) as ask:
        await ask()
    assert server.asked[0].body["reasoning_effort"] == "low"


def test_loading_imports_no_sdk() -> None:
    code = (
        "import json, sys\n"
        "from botcore.config import Settings\n"
        "from botcore.plugins import load_plugins\n"
        f"sections = json.loads({json.dumps(json.dumps(ENOUGH))})\n"
        "host = load_plugins(Settings.model_validate({'plugins': sections}))\n"
        "print(json.dumps([sorted(host.providers), sorted({n.split('.')[0] for n in sys.modules})]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    providers, modules = json.loads(done.stdout)
    assert set(SERVICES) <= set(providers)
    assert not {"openai", "google", "httpx2", "httpx", "aiohttp", "anyio"} & set(modules)
