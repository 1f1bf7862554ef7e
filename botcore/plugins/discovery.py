"""Finds plugins by their distributions' metadata, without importing any of them."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, entry_points

GROUP = "botcore"
FRAMEWORK = "botcore-framework"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry point of group ``botcore`` with the distribution that it belongs to."""

    entry_point: EntryPoint
    distribution: Distribution

    @property
    def name(self) -> str:
        return self.entry_point.name

    @property
    def section(self) -> str:
        """The plugin's section in the configuration: the name with ``-`` as ``_``."""
        return self.name.replace("-", "_")

    @property
    def owner(self) -> str:
        """The distribution's name; empty where its metadata is broken."""
        return str(self.distribution.metadata["Name"] or "")

    @property
    def version(self) -> str:
        return str(self.distribution.metadata["Version"] or "")

    @property
    def requirements(self) -> tuple[str, ...]:
        """``Requires-Dist`` as written."""
        return tuple(self.distribution.requires or ())

    def load(self) -> object:
        """Import what the entry point names: a module, or an object in it."""
        return self.entry_point.load()


def discover() -> tuple[Candidate, ...]:
    """Every installed plugin on ``sys.path``, ordered by name, then distribution."""
    importlib.invalidate_caches()
    found = [
        Candidate(entry_point, entry_point.dist)
        for entry_point in entry_points(group=GROUP)
        if entry_point.dist is not None
    ]
    return tuple(sorted(found, key=lambda candidate: (candidate.name, candidate.owner)))
