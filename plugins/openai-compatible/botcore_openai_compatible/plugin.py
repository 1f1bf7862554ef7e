"""Entry point ``openai-compatible``: any number of servers, each a provider of its own name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial

from pydantic import Field, field_validator

from botcore import PluginConfig, PluginContext, Provider, ProviderDescriptor, Registry, hookimpl
from botcore_openai_compatible.service import ChatSettings, open_chat

_NAME = re.compile(r"[a-z](?:_?[a-z0-9])*")  # a name that a variable of the environment can hold, too
_LONGEST_NAME = 32


class EndpointsConfig(PluginConfig):
    """``[plugins.openai_compatible]``"""

    endpoints: dict[str, ChatSettings] = Field(default_factory=dict)
    """One table for each server: ``[plugins.openai_compatible.endpoints.NAME]``."""

    @field_validator("endpoints")
    @classmethod
    def _names_that_can_be_typed(cls, endpoints: dict[str, ChatSettings]) -> dict[str, ChatSettings]:
        for name in endpoints:
            if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
                raise ValueError(
                    f"{name!r} is no name of an endpoint: at most {_LONGEST_NAME} lower-case letters, "
                    "digits and single “_”, and a letter first"
                )
        return endpoints

    def missing(self) -> str:
        """Without an endpoint there is nothing to ask."""
        return "" if self.endpoints else "endpoints__name__base_url"


def _open(
    name: str, config: EndpointsConfig, context: PluginContext
) -> AbstractAsyncContextManager[Provider]:
    return open_chat(config.endpoints[name], context)


def _each(config: EndpointsConfig) -> Iterator[ProviderDescriptor]:
    for name, endpoint in config.endpoints.items():
        named = replace(
            ENDPOINTS,
            name=name,
            summary=f"{endpoint.model} at {endpoint.host()}",
            factory=partial(_open, name),
        )
        yield endpoint.described(named)


ENDPOINTS = ProviderDescriptor(
    name="openai-compatible",
    summary="any server that speaks OpenAI's chat completions",
    config=EndpointsConfig,
    factory=partial(_open, ""),
    family=_each,
)


@hookimpl
def botcore_register_providers(registry: Registry[ProviderDescriptor]) -> None:
    """One provider for each endpoint of the settings."""
    registry.add(ENDPOINTS)
