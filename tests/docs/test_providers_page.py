"""docs/providers.md is true: its names and defaults are those of the plugins, and its examples work."""

from __future__ import annotations

import re
import types
from pathlib import Path
from typing import Any

import pytest

from botcore.config import Settings, load_settings
from botcore.llm import ServiceSettings
from botcore.plugins import load_plugins
from botcore.testing.model_server import KEY, MODEL, ModelServer
from tests.plugins.providers.models import Case

PAGE = (Path(__file__).parents[2] / "docs" / "providers.md").read_text()
ROWS = {cells[0].strip(" `"): cells for row in PAGE.splitlines() if (cells := row.strip("|").split("|"))[1:]}


def configs() -> dict[str, ServiceSettings]:
    """The settings of each service as they are without a file."""
    host = load_plugins(Settings())
    models = {record.name: type(host.config_of(record.name)) for record in host.records}
    return {name: model() for name, model in models.items() if issubclass(model, ServiceSettings)}


def test_every_service_is_in_the_table_with_its_key_and_its_model() -> None:
    for name, config in configs().items():
        _, key, model, pictures, *_ = ROWS[name]
        assert f"`BOTCORE_PLUGINS__{name.upper()}__KEY`" in key
        assert model.strip() == f"`{config.model}`"
        assert pictures.strip() == ("yes" if config.pictures else "no")


def test_every_setting_is_in_a_table_with_its_default() -> None:
    named = {key for row in ROWS for key in re.findall(r"\w+", row)}
    for config in configs().values():
        assert set(type(config).model_fields) <= named
        for key in ("priority", "max_tokens", "timeout", "first_timeout", "stall_timeout"):
            assert ROWS[key][2].strip() == f"{getattr(config, key):g}"


def blocks(title: str) -> list[str]:
    return re.findall(rf'```\w+ title="{re.escape(title)}"\n(.*?)```', PAGE, re.DOTALL)


@pytest.mark.parametrize("text", blocks("config/botcore.toml"))
def test_the_settings_of_the_page_are_right(text: str, tmp_path: Path) -> None:
    file = tmp_path / "botcore.toml"
    file.write_text(text)
    host = load_plugins(load_settings(file, environ={"BOTCORE_PLUGINS__OPENAI__KEY": KEY}))
    assert host.ok, host.problems
    for name in re.findall(r"endpoints\.(\w+)\]", text):
        assert name in host.providers


async def test_the_package_of_the_page_asks_its_service() -> None:
    (code,) = blocks("acme_plugin.py")
    module: Any = types.ModuleType("acme_plugin")
    exec(code, vars(module))  # noqa: S102  # the example of the page
    async with ModelServer() as server, Case("acme", module, "openai").open(server, model=MODEL) as ask:
        assert (await ask("draw")).source.code == "draw"
