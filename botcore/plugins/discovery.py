"""Finds plugins by their distributions' metadata, without importing any of them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions

from packaging.utils import canonicalize_name

from botcore.errors import PluginError

GROUP = "botcore"
FRAMEWORK = "botcore-framework"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One entry point of group ``botcore``, with what its distribution says of itself."""

    name: str
    owner: str
    """The distribution's name."""
    version: str
    requirements: tuple[str, ...]
    """``Requires-Dist`` as written."""
    entry_point: EntryPoint | None
    fault: Exception | None = None
    """Why the metadata cannot be read; there is no entry point then."""

    @property
    def section(self) -> str:
        """The plugin's section in the configuration: the name with ``-`` as ``_``."""
        return self.name.replace("-", "_")

    def load(self) -> object:
        """Import what the entry point names: a module, or an object in it.

        Raises :class:`PluginError` when there is no such module, or it imports one that is not installed; and
        whatever importing raises.
        """
        if self.entry_point is None:
            raise self.fault or LookupError(f"{self.name} has no entry point")
        if self.entry_point.pattern.match(self.entry_point.value) is None:
            raise PluginError(
                f"its entry point names {self.entry_point.value!r}, and has to name a module: {self.name} = "
                "“package.module”"
            )
        try:
            return self.entry_point.load()
        except ModuleNotFoundError as error:
            raise PluginError(self._lacking(self.entry_point.module, error)) from error

    def _lacking(self, module: str, error: ModuleNotFoundError) -> str:
        """What to do about a module that is not there: its own, or one that it needs."""
        if error.name is not None and f"{module}.".startswith(f"{error.name}."):
            return (
                f"its entry point names the module {module}, and there is no module {error.name}: "
                f"correct the name, or see to it that {self.owner} holds the file"
            )
        return (
            f"it imports {error.name or error}, which is not installed: install what {self.owner} depends on"
        )


def discover() -> tuple[Candidate, ...]:
    """Every installed plugin on ``sys.path``, ordered by name, then distribution.

    Of a distribution that is there twice the first counts, as it does for imports. Broken metadata is that
    distribution's fault alone: :func:`importlib.metadata.entry_points` would raise for all.
    """
    importlib.invalidate_caches()
    found: dict[str, tuple[Candidate, ...]] = {}
    for distribution in distributions():
        try:
            text = distribution.read_text("entry_points.txt") or ""
        except (OSError, UnicodeDecodeError):
            continue  # nothing says that it is a plugin
        if f"[{GROUP}]" in text:
            candidates = tuple(_candidates(distribution))
            found.setdefault(candidates[0].owner if candidates else "", candidates)
    everything = (candidate for candidates in found.values() for candidate in candidates)
    return tuple(sorted(everything, key=lambda candidate: (candidate.name, candidate.owner)))


def _candidates(distribution: Distribution) -> Iterator[Candidate]:
    owner, version = "unknown", ""
    try:
        owner = canonicalize_name(distribution.metadata["Name"])
        version = distribution.metadata["Version"]
        requirements = tuple(distribution.requires or ())
        entries = tuple(distribution.entry_points.select(group=GROUP))
    except Exception as error:  # noqa: BLE001  # whatever is wrong with somebody's files
        yield Candidate(owner, owner, version, (), None, error)
        return
    for entry in entries:
        yield Candidate(entry.name, owner, version, requirements, entry)
