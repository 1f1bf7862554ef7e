"""What the validators say of a source."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from botcore.errors import PluginError
from botcore.hooks.descriptors import ValidatorDescriptor
from botcore.model import Finding, Source
from botcore.ports import Validator
from botcore.telemetry import get_logger

_SECONDS = 40.0
"""The first one of a machine may have to look at the libraries first; a busy one takes its time."""
_log = get_logger(__name__)


class Validators(Protocol):
    """What this needs of the plugin host."""

    @property
    def validators(self) -> Mapping[str, ValidatorDescriptor]: ...
    async def validator(self, name: str) -> Validator: ...


async def findings_of(
    plugins: Validators, source: Source, *, broken: set[str] | None = None
) -> list[Finding]:
    """What all validators of the source's language say, in the order of its lines. One that breaks, or takes
    too long, is passed over: nothing is run here, and who draws the code judges it anyway.

    :param broken: names that are passed over unasked; those that break now are added. For whoever asks more
        than once about the same source: it is logged once, and waited for once.
    """
    broken = set() if broken is None else broken
    fitting = [name for name, item in plugins.validators.items() if source.language in item.languages]
    asked = [name for name in fitting if name not in broken]
    answers = await asyncio.gather(*(_ask(plugins, name, source, broken) for name in asked))
    found = [finding for answer in answers for finding in answer]
    return sorted(found, key=lambda item: (item.line, item.column))


def _as_promised(answer: object) -> list[Finding]:
    """A plugin is not held to its types by anything else."""
    if not isinstance(answer, list):
        raise TypeError(f"validate() returned a {type(answer).__name__}, and no list of Finding")
    for item in answer:
        if not isinstance(item, Finding):
            raise TypeError(f"validate() returned a {type(item).__name__} among its findings, and no Finding")
    return answer


async def _ask(plugins: Validators, name: str, source: Source, broken: set[str]) -> list[Finding]:
    opened = False
    try:
        async with asyncio.timeout(_SECONDS):
            validator = await plugins.validator(name)
            opened = True
            return _as_promised(await validator.validate(source))
    except Exception as error:  # noqa: BLE001  # a plugin may raise anything; it must not take the caller down
        broken.add(name)
        if opened or not isinstance(error, PluginError):  # else its opening has logged it
            _log.exception("validator_broke", validator=name)
        return []
