"""What a field of a model allows, in words; and what somebody may have meant."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

_WORDS: Mapping[object, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    Path: "a path",
}
_BOUNDS = (
    ("ge", "at least {:g}"),
    ("gt", "more than {:g}"),
    ("le", "at most {:g}"),
    ("lt", "less than {:g}"),
    ("min_length", "at least {} long"),
    ("max_length", "at most {} long"),
)


def field_at(model: type[BaseModel], key: tuple[str, ...]) -> FieldInfo | None:
    """The field that governs ``key``: itself, or the list or table of plain values around it."""
    if not key:
        return None
    field = model.model_fields.get(key[0])
    if field is None or len(key) == 1:
        return field
    inner, rest = _model_below(field.annotation, key[1:])
    return field_at(inner, rest) if inner is not None and rest else field


def model_in(annotation: object) -> type[BaseModel] | None:
    """The model that the annotation is, or has among its alternatives."""
    return next((kind for kind in _alternatives(annotation) if _is_model(kind)), None)


def _model_below(annotation: object, key: tuple[str, ...]) -> tuple[type[BaseModel] | None, tuple[str, ...]]:
    """The model that ``key`` leads into, through tables whose keys are free, and what is left of the key."""
    while (inner := model_in(annotation)) is None and key:
        values = [get_args(kind)[1] for kind in _alternatives(annotation) if get_origin(kind) is dict]
        if not values:
            return None, key
        annotation, key = values[0], key[1:]
    return inner, key


def is_list(annotation: object) -> bool:
    """Whether one of the alternatives of a type is a sequence or a set."""
    return any(get_origin(kind) in {tuple, list, set, frozenset} for kind in _alternatives(annotation))


def holds_secret(annotation: object) -> bool:
    """Whether a secret type is somewhere in the annotation."""
    return any(kind in {SecretStr, SecretBytes} for kind in _parts(annotation))


def describe(field: FieldInfo) -> str:
    """The allowed values, ready to follow “must be”."""
    text = " or ".join(dict.fromkeys(_words(kind) for kind in _alternatives(field.annotation)))
    bounds = [
        words.format(limit)
        for name, words in _BOUNDS
        for rule in field.metadata
        if (limit := getattr(rule, name, None)) is not None
    ]
    patterns = [rule.pattern for rule in field.metadata if getattr(rule, "pattern", None)]
    return ", ".join([text, *bounds, *(f"matching {pattern}" for pattern in patterns)])


def suggestion(model: type[BaseModel], key: tuple[str, ...], also: tuple[str, ...] = ()) -> str:
    """``; did you mean “port”? Allowed: …`` for an unknown key of a model, or of one of its tables.

    ``also`` is allowed besides the fields.
    """
    above, name = key[:-1], key[-1]
    while above:
        field = model.model_fields.get(above[0])
        inner, above = _model_below(field.annotation, above[1:]) if field else (None, ())
        if inner is None:
            return ""
        model = inner
    allowed = (*model.model_fields, *also)
    near = difflib.get_close_matches(name, allowed, n=1)
    hint = f"; did you mean “{near[0]}”?" if near else "."
    return f"{hint} Allowed: {', '.join(allowed) or 'none'}"


def _words(kind: object) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(str(value) for value in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "one of " + ", ".join(str(member.value) for member in kind)
    if is_list(kind):
        inner = next((_words(each) for part in get_args(kind)[:1] for each in _alternatives(part)), "")
        return f"a list of {inner}" if inner else "a list"
    if get_origin(kind) is dict or _is_model(kind):
        return "a table"
    return _WORDS.get(
        kind, "text" if kind in {SecretStr, SecretBytes} else getattr(kind, "__name__", str(kind))
    )


def _alternatives(annotation: object) -> Iterator[Any]:
    """The members of a union, without None and without annotations around them."""
    if get_origin(annotation) is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif get_origin(annotation) in {Union, types.UnionType}:
        for each in get_args(annotation):
            if each is not type(None):
                yield from _alternatives(each)
    else:
        yield annotation


def _parts(annotation: object) -> Iterator[Any]:
    """The annotation and everything inside it."""
    yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
