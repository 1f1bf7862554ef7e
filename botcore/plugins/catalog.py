"""What is registered, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar, cast, overload

from botcore.errors import UnknownPlugin

D_co = TypeVar("D_co", covariant=True)
T = TypeVar("T")


class Catalog(Mapping[str, D_co]):
    """The registered things of one kind, in order of registration. A name that is not there raises
    :class:`~botcore.errors.UnknownPlugin`, which says what is."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._items: dict[str, D_co] = {}
        self._plugins: dict[str, str] = {}

    def __getitem__(self, name: str) -> D_co:
        try:
            return self._items[name]
        except KeyError:
            available = ", ".join(self._items) or "none"
            raise UnknownPlugin(
                f"no {self.kind} {name!r}; available: {available}",
                kind=self.kind,
                name=name,
                available=available,
            ) from None

    @overload
    def get(self, name: str, /) -> D_co | None: ...
    @overload
    def get(self, name: str, /, default: T) -> D_co | T: ...
    def get(self, name: str, /, default: object = None) -> object:
        """The thing of that name, or ``default``."""
        return self._items.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"Catalog({self.kind}: {', '.join(self._items) or 'none'})"

    def plugin_of(self, name: str) -> str:
        """The plugin that registered ``name``."""
        self[name]
        return self._plugins[name]

    def include(self, name: str, item: object, plugin: str) -> None:
        """Add, or put in the place of what has the name; the caller has made sure that this is meant, and
        that the type is right."""
        self._items[name] = cast("D_co", item)
        self._plugins[name] = plugin
