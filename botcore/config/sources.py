"""Where raw values come from, and which came from where.

Three layers, the later one wins: the TOML file, the secrets directory, the environment. Nothing is checked
here but the form; the models say what is allowed. Files may begin with a byte order mark and end their
lines as Windows does: WSL 2 is a place to run this.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

PREFIX = "BOTCORE_"
CONFIG_VARIABLE = "BOTCORE_CONFIG"
SECRETS_VARIABLE = "BOTCORE_SECRETS_DIR"
_RESERVED = {CONFIG_VARIABLE, SECRETS_VARIABLE}
_LARGEST_SECRET = 64 * 1024

KeyPath = tuple[str, ...]


class Layer(Enum):
    FILE = "file"
    SECRETS = "secrets"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Origin:
    """One place that sets one value. ``place`` is a file's path or a variable's name."""

    layer: Layer
    place: str

    def names(self, key: KeyPath) -> str:
        """How an error line begins: the place, and the key where the place holds several."""
        dotted = ".".join(key)
        return f"{self.place}: {dotted}" if self.layer is Layer.FILE and dotted else self.place


@dataclass(slots=True)
class RawSettings:
    """Nested values with the origin of each leaf, and the lines about what could not be read."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[KeyPath, Origin] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def put(self, key: KeyPath, value: Any, origin: Origin) -> None:
        """Set one leaf; a later layer replaces an earlier one."""
        table = self.values
        for depth, part in enumerate(key[:-1], start=1):
            inner = table.setdefault(part, {})
            if not isinstance(inner, dict):
                other = self.origin(key[:depth])
                self.problems.append(
                    f"{origin.names(key)}: {'.'.join(key[:depth])} cannot be a table here, because "
                    f"{other.place if other else 'another place'} sets it to a value"
                )
                return
            table = inner
        if isinstance(table.get(key[-1]), dict) and not isinstance(value, dict):
            self.problems.append(f"{origin.names(key)}: {'.'.join(key)} is a table: set the keys below it")
            return
        table[key[-1]] = value
        self.origins[key] = origin

    def origin(self, key: KeyPath) -> Origin | None:
        """Who set ``key``: itself, else something below it, else the table around it."""
        if key in self.origins:
            return self.origins[key]
        below = (origin for other, origin in self.origins.items() if other[: len(key)] == key)
        return next(below, None) or (self.origin(key[:-1]) if len(key) > 1 else None)


def read_sources(file: Path | None, environ: Mapping[str, str]) -> RawSettings:
    """Read all layers. What cannot be read becomes a line of ``problems``."""
    raw = RawSettings()
    if file is not None:
        _read_file(raw, file)
    if secrets := environ.get(SECRETS_VARIABLE):
        _read_secrets(raw, Path(secrets))
    _read_environment(raw, environ)
    return raw


def _read_file(raw: RawSettings, file: Path) -> None:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raw.problems.append(f"{file}: cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        raw.problems.append(f"{file}: is not text in UTF-8")
    except tomllib.TOMLDecodeError as error:
        raw.problems.append(f"{file}: is not valid TOML: {error}")
    else:
        for key, value in _leaves(document):
            raw.put(key, value, Origin(Layer.FILE, str(file)))


def _leaves(table: Mapping[str, Any], above: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name), value


def _read_secrets(raw: RawSettings, folder: Path) -> None:
    """One file, one value, as Docker, Kubernetes and systemd lay them out; dot files are their machinery."""
    try:
        files = sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.is_file())
    except OSError as error:
        raw.problems.append(f"{SECRETS_VARIABLE}: {folder} cannot be read: {error.strerror}")
        return
    for file in files:
        origin = Origin(Layer.SECRETS, str(file))
        try:
            with file.open("rb") as opened:
                data = opened.read(_LARGEST_SECRET + 1)
            value = data.decode("utf-8-sig").rstrip("\r\n")
        except OSError as error:
            raw.problems.append(f"{file}: cannot be read: {error.strerror}")
        except UnicodeDecodeError:
            raw.problems.append(f"{file}: is not text in UTF-8")
        else:
            if len(data) > _LARGEST_SECRET:
                raw.problems.append(f"{file}: is larger than {_LARGEST_SECRET} bytes, which is no secret")
            else:
                raw.put(_key(file.name.lower().removeprefix(PREFIX.lower())), value, origin)


def _read_environment(raw: RawSettings, environ: Mapping[str, str]) -> None:
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in _RESERVED:
            raw.put(_key(name.removeprefix(PREFIX).lower()), environ[name], Origin(Layer.ENVIRONMENT, name))


def reserved_like(name: str) -> str | None:
    """The variable that sets no value of its own and that ``name`` looks like: mistyped, it is no key."""
    return next(iter(difflib.get_close_matches(name, _RESERVED, n=1, cutoff=0.85)), None)


def _key(name: str) -> KeyPath:
    return tuple(name.split("__"))


def variable(key: KeyPath) -> str:
    """The environment variable of a key: ``("web", "port")`` → ``BOTCORE_WEB__PORT``."""
    return PREFIX + "__".join(key).upper()
