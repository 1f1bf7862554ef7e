"""From raw values to checked models, and from pydantic's errors to lines that a person can act on."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from botcore.config.expectations import describe, field_at, holds_secret, is_list, model_in, suggestion
from botcore.config.models import PluginSection, Settings
from botcore.config.sources import (
    CONFIG_VARIABLE,
    SECRETS_VARIABLE,
    KeyPath,
    Layer,
    RawSettings,
    read_sources,
    reserved_like,
    variable,
)
from botcore.errors import ConfigError

DEFAULT_FILE = Path("config/botcore.toml")
_SHOWN = 60
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

M = TypeVar("M", bound=BaseModel)


def load_settings(path: Path | None = None, *, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the core's settings.

    :param path: the file; else the one that ``BOTCORE_CONFIG`` names, else ``config/botcore.toml`` when it is
        there.
    :param environ: the environment; the process's own by default.
    :raises ConfigError: with one line for each thing that is wrong.
    """
    environ = os.environ if environ is None else environ
    if path is None and (named := environ.get(CONFIG_VARIABLE)):
        path = Path(named)
    if path is None and DEFAULT_FILE.is_file():
        path = DEFAULT_FILE
    raw = read_sources(path, environ)
    settings, problems = _check(Settings, raw.values, raw, ())
    if settings is None or raw.problems or problems:
        raise _error([*raw.problems, *problems])
    return settings


def plugin_config(name: str, section: PluginSection, model: type[M]) -> M:
    """Check a plugin's section by the plugin's model. ``name`` is the section's, with underscores.

    :raises ConfigError: with one line for each thing that is wrong.
    """
    config, problems = _check(model, section.values, section.raw, ("plugins", name))
    if config is None or problems:
        raise _error(problems)
    return config


def _error(problems: list[str]) -> ConfigError:
    """Keys and values are somebody's text: what would break a line or paint on a terminal is written out."""
    return ConfigError(*(_CONTROL.sub(lambda found: ascii(found[0])[1:-1], problem) for problem in problems))


def _check(
    model: type[M], values: Mapping[str, Any], raw: RawSettings, above: KeyPath
) -> tuple[M | None, list[str]]:
    problems = list(_secrets_in_file(model, raw, above))
    try:
        return model.model_validate(_split_lists(model, values, raw, above), context=raw), problems
    except ValidationError as error:
        problems += [
            _line(model, dict(each), raw, above)
            for each in error.errors(include_url=False, include_context=False)
        ]
        return None, problems


def _secrets_in_file(model: type[BaseModel], raw: RawSettings, above: KeyPath) -> list[str]:
    return [
        f"{origin.names(key)}: is a secret and must not be in this file: set {variable(key)}, or the file "
        f"{'__'.join(key)} in the folder that {SECRETS_VARIABLE} names"
        for key, origin in raw.origins.items()
        if origin.layer is Layer.FILE
        and key[: len(above)] == above
        and (found := field_at(model, key[len(above) :])) is not None
        and holds_secret(found.annotation)
    ]


def _split_lists(
    model: type[BaseModel], values: Mapping[str, Any], raw: RawSettings, above: KeyPath
) -> dict[str, Any]:
    """The environment holds text only: ``a, b`` is a list where the model wants one."""
    result = dict(values)
    for name, field in model.model_fields.items():
        value, key = result.get(name), (*above, name)
        if isinstance(value, str) and is_list(field.annotation):
            origin = raw.origin(key)
            if origin is not None and origin.layer is not Layer.FILE:
                result[name] = [part.strip() for part in value.split(",") if part.strip()]
        elif isinstance(value, dict) and (inner := model_in(field.annotation)) is not None:
            result[name] = _split_lists(inner, value, raw, key)
    return result


def _line(model: type[BaseModel], error: dict[str, Any], raw: RawSettings, above: KeyPath) -> str:
    inner = tuple(str(part) for part in error["loc"])
    key = (*above, *inner)
    origin = raw.origin(key)
    start = origin.names(key) if origin and origin.layer is Layer.FILE else ".".join(key)
    if origin and origin.layer is not Layer.FILE:
        start = f"{origin.place}: {start}"
    if error["type"] == "extra_forbidden":
        also = ("enabled",) if above and len(inner) == 1 else ()  # the one key that is not the plugin's
        if origin and origin.layer is Layer.ENVIRONMENT and (meant := reserved_like(origin.place)):
            return f"{origin.place}: is not known; did you mean {meant}?"
        return f"{start}: unknown key{suggestion(model, inner, also)}"
    if error["type"] == "missing":
        return f"{start}: is missing; set it in the file or as {variable(key)}"
    found = field_at(model, inner)
    allowed = describe(found) if found is not None else ""
    if error["type"] in {"value_error", "assertion_error"} or not allowed:
        allowed = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    else:
        allowed = f"must be {allowed}"
    if found is not None and holds_secret(found.annotation):
        return f"{start}: {allowed}"
    shown = repr(error["input"])
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
    return f"{start} = {shown}: {allowed}"
