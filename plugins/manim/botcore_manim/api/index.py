"""Questions about Manim's API, answered from the collected description."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

_Json = Mapping[str, Any]

_DEEPEST = 12
"""Constructors that hand their arguments on to each other."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """``kind``: "" for an ordinary one, "k" by name alone, "/" by place alone, "*" and "**" for the rest.
    ``holds``: "place" for a point or a direction, "colour", "text", or "" where nothing is known."""

    name: str
    kind: str
    required: bool
    holds: str


@dataclass(frozen=True, slots=True)
class Callee:
    """A function, a method (without ``self``) or a constructor. ``keywords``: every name that it takes, None
    when it takes names that cannot be known; ``likely``: those that are known in any case."""

    name: str
    parameters: tuple[Parameter, ...]
    keywords: frozenset[str] | None
    likely: frozenset[str]
    returns: str
    doc: str

    @property
    def positional(self) -> tuple[Parameter, ...]:
        """Those that may be given by place, the ``*`` one last."""
        return tuple(p for p in self.parameters if p.kind in {"", "/", "*"})

    @property
    def signature(self) -> str:
        """As a person would write it, without default values: ``Circle(radius=…, color=…, **kwargs)``."""
        shown = [
            f"{p.kind}{p.name}" if p.kind in {"*", "**"} else p.name if p.required else f"{p.name}=…"
            for p in self.parameters
        ]
        return f"{self.name}({', '.join(shown)})"


@dataclass(frozen=True, slots=True)
class Member:
    """Of a class: ``kind`` is method, static, classmethod, property or value."""

    owner: str
    kind: str
    settable: bool
    function: Callee | None


@dataclass(frozen=True, eq=False)
class ApiIndex:
    """The API of one Manim version."""

    raw: _Json = field(repr=False)

    @property
    def version(self) -> str:
        """Of the Manim that was described."""
        return str(self.raw["version"])

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What ``from manim import *`` gives, and of which kind: class, function, colour, module, value."""
        found: Mapping[str, str] = self.raw["names"]
        return found

    @cached_property
    def lesson(self) -> frozenset[str]:
        """What ``from botcore_manim.lesson import *`` gives."""
        return frozenset(self.raw["lesson"])

    @cached_property
    def classes(self) -> frozenset[str]:
        """Every class that is described, bases that are not exported included."""
        return frozenset(self.raw["classes"])

    @cached_property
    def config(self) -> frozenset[str]:
        """The settings of ``manim.config``."""
        return frozenset(self.raw["config"])

    @cached_property
    def installed(self) -> frozenset[str]:
        """Top-level modules that can be imported where scenes are drawn."""
        return frozenset(self.raw["installed"])

    @cached_property
    def all_members(self) -> frozenset[str]:
        """The members of all classes together."""
        return frozenset(name for cls in self.raw["classes"].values() for name in cls["members"])

    @cached_property
    def loose(self) -> frozenset[str]:
        """Attributes that Manim gives to objects of other classes than the one that assigns them."""
        return frozenset(self.raw["loose"])

    def module(self, name: str) -> frozenset[str] | None:
        """The public names of a module; None when it is not described."""
        found = self.raw["modules"].get(name, self.raw["packages"].get(name))
        return None if found is None else frozenset(found)

    def has_module(self, name: str) -> bool:
        """Whether the module of Manim with this full name exists."""
        return name == "manim" or name in self.raw["packages"]

    @cache  # noqa: B019  # there is one index in a process, and it stays
    def line(self, cls: str) -> tuple[str, ...]:
        """The class and its bases, nearest first; empty for a class that is not described."""
        found = self.raw["classes"].get(cls)
        return () if found is None else (cls, *found["bases"])

    def derives(self, cls: str, base: str) -> bool:
        """Whether the class is ``base`` or derives from it."""
        return base in self.line(cls)

    @cache  # noqa: B019  # there is one index in a process, and it stays
    def member(self, cls: str, name: str) -> Member | None:
        """A method, property or class attribute, inherited ones included."""
        for owner in self.line(cls):
            found = self.raw["classes"].get(owner, {}).get("members", {}).get(name)
            if found is not None:
                function = None
                if "parameters" in found:
                    bound = found["kind"] != "static"
                    function = self._callable(found, name, owner, cls, skip=int(bound))
                return Member(owner, found["kind"], found.get("settable", False), function)
        return None

    @cache  # noqa: B019  # there is one index in a process, and it stays
    def members(self, cls: str) -> frozenset[str]:
        """Everything that can be read from an object of the class, what its methods assign included."""
        found: set[str] = set()
        for owner in self.line(cls):
            described = self.raw["classes"].get(owner)
            if described is not None:
                found.update(described["members"], described["attributes"])
        return frozenset(found)

    @cache  # noqa: B019  # there is one index in a process, and it stays
    def constructor(self, cls: str) -> Callee | None:
        """What the class is called with; None when it is not described."""
        member = self.member(cls, "__init__")
        if member is None or member.function is None:
            return None
        function = member.function
        return Callee(
            cls, function.parameters, function.keywords, function.likely, cls, self.raw["classes"][cls]["doc"]
        )

    @cache  # noqa: B019  # there is one index in a process, and it stays
    def function(self, name: str) -> Callee | None:
        """A function that Manim exports."""
        found = self.raw["functions"].get(name)
        return None if found is None else self._callable(found, name, "", "", skip=0)

    def _callable(self, raw: _Json, name: str, owner: str, cls: str, *, skip: int) -> Callee:
        parameters = tuple(
            Parameter(p["name"], p["kind"], p.get("required", False), p.get("holds", ""))
            for p in raw["parameters"][skip:]
        )
        likely, sure = self._keywords(raw, owner, cls, depth=0)
        if not sure and name == "__init__":
            for base in self.line(cls):
                member = self.raw["classes"].get(base, {}).get("members", {}).get(name)
                if member is not None:
                    likely |= {p["name"] for p in member["parameters"] if p["kind"] in {"", "k"}}
        likely -= {p["name"] for p in raw["parameters"][:skip]}
        return Callee(name, parameters, likely if sure else None, likely, raw["returns"], raw["doc"])

    def _keywords(self, raw: _Json, owner: str, cls: str, depth: int) -> tuple[frozenset[str], bool]:
        """The names that are known to be taken, and whether these are all."""
        named = frozenset(p["name"] for p in raw["parameters"] if p["kind"] in {"", "k"})
        if not any(p["kind"] == "**" for p in raw["parameters"]):
            return named, True
        named |= set(raw.get("pops", ()))
        forwards: Iterable[tuple[str, str, list[str]]] | None = raw.get("forwards")
        if not forwards or depth > _DEEPEST:
            return named, False
        all_sure = True
        for how, name, given in forwards:
            more, sure = self._followed(how, name, owner, cls, depth + 1)
            named |= more - set(given)
            all_sure = all_sure and sure
        return named, all_sure

    def _followed(self, how: str, name: str, owner: str, cls: str, depth: int) -> tuple[frozenset[str], bool]:
        if how == "call" and name in self.raw["functions"]:
            return self._keywords(self.raw["functions"][name], "", "", depth)
        if how in {"call", "init"}:
            line, holder, name = self.line(name), name, "__init__"
        else:
            line, holder = self.line(cls), cls
            if how == "super":
                line = line[line.index(owner) + 1 :] if owner in line else ()
        for base in line:
            found = self.raw["classes"].get(base, {}).get("members", {}).get(name)
            if found is not None and "parameters" in found:
                return self._keywords(found, base, holder, depth)
        return frozenset(), False
