"""An environment that holds what some distributions declare to need, and nothing else.

Made of links to what is installed here, so that it needs no network: a dependency that somebody forgot to
declare is not there, as it would not be for a user.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def make_environment(folder: Path, wheels: Iterable[Path], *tools: str) -> Path:
    """Unpack ``wheels`` into ``folder`` and link everything that they and ``tools`` need beside them."""
    folder.mkdir()
    for wheel in wheels:
        with ZipFile(wheel) as file:
            file.extractall(folder)
    ours = {canonicalize_name(info.name.split("-")[0]): info for info in folder.glob("*.dist-info")}
    wanted = [line for info in ours.values() for line in Distribution.at(info).requires or ()]
    for found in _closure([*wanted, *tools], set(ours)):
        _link(found, folder)
    return folder


def _closure(requirements: Iterable[str], known: set[str]) -> list[Distribution]:
    """The distributions behind requirements, and behind theirs, but those that are known."""
    found: list[Distribution] = []
    waiting = [(Requirement(line), frozenset({""})) for line in requirements]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement, extras = waiting.pop()
        marker = requirement.marker
        if marker is not None and not any(marker.evaluate({"extra": extra}) for extra in extras):
            continue
        name, asked = canonicalize_name(requirement.name), frozenset({"", *requirement.extras})
        if name in known or (name, asked) in seen:
            continue
        seen.add((name, asked))
        one = distribution(name)
        found.append(one)
        waiting += [(Requirement(line), asked) for line in one.requires or ()]
    return found


def _link(one: Distribution, folder: Path) -> None:
    for path in one.files or ():
        target, source = folder / path, Path(str(one.locate_file(path)))
        if ".." in path.parts or target.exists() or not source.is_file():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(source)
        compiled, linked = source.parent / "__pycache__", target.parent / "__pycache__"
        if source.suffix == ".py" and compiled.is_dir() and not linked.exists():
            linked.symlink_to(compiled)  # or everything is compiled anew
