"""Whether a plugin was made for this version of botcore, read from its metadata alone."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from botcore.plugins.discovery import FRAMEWORK


def why_incompatible(requirements: Iterable[str], installed: str) -> str | None:
    """Why a plugin with these ``Requires-Dist`` lines does not fit botcore ``installed``; None when it fits.

    A plugin that names no version range promises nothing and is not loaded: it would break, at any later
    release, in the middle of somebody's job.
    """
    declared = [requirement for line in requirements if (requirement := _framework(line)) is not None]
    if not declared:
        return f"declares no dependency on {FRAMEWORK}; add one such as “{FRAMEWORK}>={_minor(installed)}”"
    for requirement in declared:
        if not requirement.specifier:
            return f"names no version of {FRAMEWORK}; add a range such as “>={_minor(installed)}”"
        if not requirement.specifier.contains(installed, prereleases=True):
            return f"needs {FRAMEWORK}{requirement.specifier}, and {installed} is installed"
    return None


def _framework(line: str) -> Requirement | None:
    """The requirement when it is on the framework and applies here (extras and other systems do not)."""
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return None
    if canonicalize_name(requirement.name) != FRAMEWORK:
        return None
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return None
    return requirement


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
