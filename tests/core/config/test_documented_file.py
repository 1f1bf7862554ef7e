"""config/botcore.toml and the models say the same: every key is there, every default is equal."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from botcore.config import Settings, load_settings
from botcore.config.expectations import holds_secret, model_in
from botcore.hooks.descriptors import PluginConfig
from botcore.plugins import Outcome, load_plugins

FILE = Path(__file__).parents[3] / "config" / "botcore.toml"
ENVIRONMENT = FILE.with_name(".env.example")


def uncommented() -> dict[str, Any]:
    """The file with every default switched on."""
    text = FILE.read_text(encoding="utf-8")
    return tomllib.loads(re.sub(r"^#(?=[\[a-z])", "", text, flags=re.MULTILINE))


def defaults(model: BaseModel) -> dict[str, Any]:
    """The defaults of a model as TOML would hold them, without secrets and what is not set."""
    return {
        name: plain(getattr(model, name))
        for name, field in type(model).model_fields.items()
        if not holds_secret(field.annotation) and name != "plugins" and getattr(model, name) is not None
    }


def plain(value: object) -> object:
    match value:
        case BaseModel():
            return defaults(value)
        case Enum():
            return value.value
        case Path():
            return str(value)
        case tuple() | list():
            return [plain(each) for each in value]
        case _:
            return value


def plugin_models() -> Iterator[tuple[str, type[PluginConfig]]]:
    host = load_plugins(Settings())
    # Without its token a plugin is disabled; its settings are known all the same.
    assert {record.outcome for record in host.records} <= {Outcome.LOADED, Outcome.DISABLED}, host.records
    for record in host.records:
        yield record.name.replace("-", "_"), type(host.config_of(record.name))


def test_the_file_as_it_is_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(FILE, environ={}) == Settings()
    monkeypatch.chdir(FILE.parents[1])
    assert load_settings(environ={}) == Settings(), "it is what is read by default"


def test_every_setting_of_the_core_is_there_with_its_default() -> None:
    written = uncommented()
    written.pop("plugins", None)
    assert written == defaults(Settings())


def test_every_setting_of_every_installed_plugin_is_there_with_its_default() -> None:
    assert uncommented()["plugins"] == {
        name: {"enabled": True} | defaults(model()) for name, model in plugin_models()
    }


def test_what_has_no_default_is_shown_by_an_example() -> None:
    for name, model in plugin_models():
        section = FILE.read_text(encoding="utf-8").partition(f"[plugins.{name}]")[2].partition("\n\n")[0]
        for key, value in model():
            if value is None:
                assert re.search(rf"^# {key} = ", section, re.MULTILINE), (name, key)


def test_every_setting_is_explained_above_its_line() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        if re.match(r"#[a-z]", line):
            assert before, f"{line} stands after an empty line, so nothing explains it"


def test_every_secret_is_in_the_environment_example_and_nothing_else_of_a_plugin() -> None:
    named = set(
        re.findall(r"^#?(BOTCORE_PLUGINS__\w+)=", ENVIRONMENT.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert named == {
        f"BOTCORE_PLUGINS__{plugin}__{name}".upper()
        for plugin, model in plugin_models()
        for name in secrets(model)
    }


def secrets(model: type[BaseModel]) -> Iterator[str]:
    """Variables of a model's secrets; those in a table of models are shown for the name “home”."""
    for name, field in model.model_fields.items():
        if holds_secret(field.annotation):
            yield name
        elif get_origin(field.annotation) is dict and model_in(each := get_args(field.annotation)[1]):
            yield from (f"{name}__home__{inner}" for inner in secrets(each))


def test_what_the_environment_example_sets_is_valid() -> None:
    text = ENVIRONMENT.read_text(encoding="utf-8")
    environ = dict(re.findall(r"^#?(BOTCORE_(?!CONFIG|SECRETS)\w+)=(.+)$", text, re.MULTILINE))
    assert environ
    load_settings(environ=environ)
