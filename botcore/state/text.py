"""Text that a database takes: hostile text may hold what none of them does."""

from __future__ import annotations

from typing import Any


def storable(value: Any) -> Any:
    """A value of a statement, or a list of them, in which half surrogates have become question marks."""
    match value:
        case str():
            return value if value.isascii() else value.encode("utf-8", "replace").decode()
        case list() | tuple():
            # Nearly all are plain text, of each webhook too: nothing is called for those.
            return [each if each.__class__ is str and each.isascii() else storable(each) for each in value]
        case _:
            return value
