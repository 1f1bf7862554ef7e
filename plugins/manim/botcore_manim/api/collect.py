"""Describes the installed Manim as one JSON object on standard output. Run as a program; imports Manim."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import pkgutil
import sys
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from botcore_manim.api.forwarding import Target, forwarded

_Json = dict[str, Any]

_PLACES = ("Point3DLike", "Vector3DLike", "Point3D", "Vector3D", "InternalPoint3D")
_MODULES = ("manim.utils.rate_functions", "manim.utils.color", "manim.utils.unit", "numpy", "math", "random")
_LESSON = "botcore_manim.lesson"
_PANELS = ("graph.Graph", "numberline.NumberLine", "picture.Picture")
"""Classes of the lesson kit that its methods return; nobody imports them."""


def collect() -> _Json:
    """Everything that :class:`botcore_manim.api.index.ApiIndex` reads."""
    import manim

    names = {name: value for name, value in vars(manim).items() if not name.startswith("_")}
    lesson = importlib.import_module(_LESSON)
    own = {name: getattr(lesson, name) for name in lesson.__all__}
    classes = [v for v in {**names, **own}.values() if isinstance(v, type)] + _panels()
    described: dict[str, _Json] = {}
    for cls in classes:
        for base in cls.__mro__:
            if _name(base) not in described and _is_ours(base):
                described[_name(base)] = _class(base)
    return {
        "version": manim.__version__,
        "names": {name: _kind(value) for name, value in names.items()},
        "lesson": sorted(own),
        "classes": described,
        "loose": _loose(described),
        "functions": {
            name: _callable(value) for name, value in names.items() if isinstance(value, FunctionType)
        },
        "modules": {name: _public(importlib.import_module(name)) for name in _MODULES},
        "config": sorted(name for name in dir(manim.config) if not name.startswith("_")),
        "installed": sorted(
            {module.name for module in pkgutil.iter_modules()} | set(sys.stdlib_module_names)
        ),
        "packages": _submodules(manim),
    }


def _loose(described: dict[str, _Json]) -> list[str]:
    """Attributes that no class has of itself and some method gives to another object."""
    own = {name for cls in described.values() for name in (*cls["members"], *cls["attributes"])}
    given = {name for cls in described.values() for name in cls.pop("loose")}
    return sorted(given - own)


def _panels() -> list[type]:
    places = [panel.partition(".") for panel in _PANELS]
    return [getattr(importlib.import_module(f"{_LESSON}.{module}"), name) for module, _, name in places]


def _name(cls: type) -> str:
    """What the class is described under: the lesson kit has classes of the same names as Manim's."""
    import manim

    own = cls.__module__.startswith(f"{_LESSON}.")
    return f"lesson.{cls.__name__}" if own and hasattr(manim, cls.__name__) else cls.__name__


def _is_ours(cls: type) -> bool:
    return cls.__module__.partition(".")[0] in {"manim", "botcore_manim"}


def _kind(value: object) -> str:
    from manim import ManimColor

    if isinstance(value, type):
        return "class"
    if isinstance(value, ManimColor):
        return "colour"
    if isinstance(value, ModuleType):
        return "module"
    return "function" if callable(value) else "value"


def _public(module: ModuleType) -> list[str]:
    return sorted(name for name in dir(module) if not name.startswith("_"))


def _submodules(package: ModuleType) -> dict[str, list[str]]:
    """The public names of each module of Manim that was imported with it, by the module's full name."""
    return {
        name: _public(module)
        for name, module in sorted(sys.modules.items())
        if name.startswith(f"{package.__name__}.") and isinstance(module, ModuleType)
    }


def _class(cls: type) -> _Json:
    members: dict[str, _Json] = {}
    for name, value in vars(cls).items():
        if name.startswith("__") and name != "__init__":
            continue
        members[name] = _member(value)
    return {
        "bases": [_name(base) for base in cls.__mro__[1:] if base is not object],
        "doc": _first_line(cls.__doc__),
        "members": members,
        "attributes": sorted(_assigned(cls) - members.keys()),
        "loose": sorted(_assigned_to_others(cls)),
    }


def _member(value: object) -> _Json:
    if isinstance(value, property):
        return {"kind": "property", "settable": value.fset is not None}
    if isinstance(value, classmethod | staticmethod):
        kind = "static" if isinstance(value, staticmethod) else "classmethod"
        return {**_callable(value.__func__), "kind": kind}
    if isinstance(value, FunctionType):
        return {**_callable(value), "kind": "method"}
    wrapped = getattr(value, "func", None) or getattr(value, "__wrapped__", None)
    if isinstance(wrapped, FunctionType):
        return {**_callable(wrapped), "kind": "method"}
    return {"kind": "value"}


def _callable(function: Any) -> _Json:
    original = inspect.unwrap(function)
    # `set_default` replaces __init__ by a partial method for this process only; here nobody called it
    signature = inspect.signature(original)
    described: _Json = {
        "parameters": [_parameter(parameter) for parameter in signature.parameters.values()],
        "doc": _first_line(function.__doc__),
        "returns": _returned(original, signature.return_annotation),
    }
    node = _tree(original)
    if isinstance(node, ast.FunctionDef):
        taken, targets = forwarded(node)
        described["pops"] = taken
        described["forwards"] = None if targets is None else [_target(target) for target in targets]
    elif any(parameter["kind"] == "**" for parameter in described["parameters"]):
        described["forwards"] = None
    return described


def _returned(function: Any, annotation: object) -> str:
    """The class that is returned, under the name of its description; else the annotation as it is written."""
    if not isinstance(annotation, str):
        return ""
    cls = function.__globals__.get(annotation)
    return _name(cls) if isinstance(cls, type) else annotation


def _target(target: Target) -> list[Any]:
    return [target.how, target.name, sorted(target.given)]


def _parameter(parameter: inspect.Parameter) -> _Json:
    kinds = {
        inspect.Parameter.POSITIONAL_ONLY: "/",
        inspect.Parameter.POSITIONAL_OR_KEYWORD: "",
        inspect.Parameter.VAR_POSITIONAL: "*",
        inspect.Parameter.KEYWORD_ONLY: "k",
        inspect.Parameter.VAR_KEYWORD: "**",
    }
    annotation = parameter.annotation if isinstance(parameter.annotation, str) else ""
    described: _Json = {"name": parameter.name, "kind": kinds[parameter.kind]}
    if parameter.default is inspect.Parameter.empty and described["kind"] in {"", "/", "k"}:
        described["required"] = True
    if any(part.strip() in _PLACES for part in annotation.split("|")):
        described["holds"] = "place"
    elif "ParsableManimColor" in annotation:
        described["holds"] = "colour"
    elif annotation == "str":
        described["holds"] = "text"
    return described


def _assigned(cls: type) -> set[str]:
    """Names that methods of the class assign on ``self``, and annotated class attributes."""
    own = {attribute for owner, attribute in _stores(cls) if owner == "self"}
    return own | set(vars(cls).get("__annotations__", {}))


def _assigned_to_others(cls: type) -> set[str]:
    """Names that methods of the class assign on other objects: ``graph.underlying_function = function``."""
    return {attribute for owner, attribute in _stores(cls) if owner != "self"}


def _stores(cls: type) -> set[tuple[str, str]]:
    node = _tree(cls)
    return {
        (target.value.id, target.attr)
        for target in (() if node is None else ast.walk(node))
        if isinstance(target, ast.Attribute)
        and isinstance(target.ctx, ast.Store)
        and isinstance(target.value, ast.Name)
    }


def _tree(thing: Any) -> ast.AST | None:
    """The definition of a class or a function; None for what has no source, and for a lambda."""
    return _definitions(thing.__module__).get(thing.__qualname__)


@cache
def _definitions(module: str) -> dict[str, ast.AST]:
    """All definitions of a module by their qualified names. ``inspect.getsource`` reads the file anew for
    each of them, which is most of the time that all this would take."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (KeyError, OSError, TypeError, SyntaxError):
        return {}
    found: dict[str, ast.AST] = {}
    waiting: list[tuple[str, ast.AST]] = [("", tree)]
    while waiting:
        prefix, holder = waiting.pop()
        for node in ast.iter_child_nodes(holder):
            inside = prefix
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{prefix}{node.name}"] = node
                own = "" if isinstance(node, ast.ClassDef) else ".<locals>"
                inside = f"{prefix}{node.name}{own}."
            waiting.append((inside, node))
    return found


def _first_line(doc: str | None) -> str:
    return (doc or "").strip().partition("\n")[0].strip()


if __name__ == "__main__":
    json.dump(collect(), sys.stdout, separators=(",", ":"))
