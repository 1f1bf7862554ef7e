"""What the core registers itself is reserved, so that no plugin can stand in its way."""

from __future__ import annotations

from pathlib import Path

from botcore.app import Role, open_app
from botcore.cli.main import app as command_line
from botcore.hooks import specs
from botcore.plugins.registration import BUILTIN, KINDS
from tests.core.surface import host_of, settings_for

RESERVED = {kind.word: kind.reserved for kind in KINDS}


async def test_every_part_of_the_core_has_a_reserved_name(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    host = host_of(settings)
    before = {kind: set(catalog) for kind, catalog in vars(host)["_catalogs"].items()}
    async with open_app(settings, Role("test"), host=host):
        for kind, catalog in vars(host)["_catalogs"].items():
            added = {name for name in set(catalog) - before[kind] if catalog.plugin_of(name) == BUILTIN}
            assert added <= RESERVED[kind]


def test_every_command_of_the_core_has_a_reserved_name() -> None:
    names = {command.name for command in command_line.registered_commands}
    names |= {group.name for group in command_line.registered_groups}
    assert names <= RESERVED["cli"]


def test_every_registration_hook_belongs_to_a_kind() -> None:
    hooks = {name for name in vars(specs) if name.startswith("botcore_register_")}
    assert hooks == {kind.hook for kind in KINDS}
