"""What every descriptor has to keep, whatever it describes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import pytest
from pydantic import ValidationError

from botcore.hooks.descriptors import Descriptor, PluginContext
from botcore.model import valid_name

T = TypeVar("T")

PATIENCE = 200.0
"""Seconds after which a call counts as hanging: generous, because test machines are slow."""


class DescriptorContract(Generic[T]):
    """Set ``descriptor``, and ``config`` where the defaults do not do."""

    pytestmark = pytest.mark.asyncio

    descriptor: ClassVar[Descriptor[Any]]
    config: ClassVar[Mapping[str, Any]] = {}

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator[T]:
        """The thing, opened as the core does it. Override to share what is expensive to open."""
        data_dir = folder / "plugin-data"
        data_dir.mkdir(exist_ok=True)
        config = self.descriptor.config.model_validate(dict(self.config))
        context = PluginContext(plugin="tested", data_dir=data_dir, workers=1)
        async with asyncio.timeout(PATIENCE) as limit, self.descriptor.factory(config, context) as thing:
            limit.reschedule(None)
            yield thing

    async def test_the_name_is_one_that_people_can_type(self) -> None:
        assert valid_name(self.descriptor.name)

    async def test_the_config_refuses_keys_that_it_does_not_know(self) -> None:
        with pytest.raises(ValidationError):
            self.descriptor.config.model_validate({**self.config, "no_such_key": 1})

    async def test_closing_leaves_no_task_behind(self, tmp_path: Path) -> None:
        before = asyncio.all_tasks()
        async with self.opened(tmp_path):
            pass
        left = asyncio.all_tasks() - before
        assert not left, f"still running after closing: {left}"

    async def test_it_can_be_opened_again_after_closing(self, tmp_path: Path) -> None:
        for _ in range(2):
            async with self.opened(tmp_path):
                pass
