"""Names and ids."""

from __future__ import annotations

import re
import secrets

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_ID_ALPHABET = (
    "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that looks like something else
)


def valid_name(name: str) -> bool:
    """Whether ``name`` can name a platform or a plugin: ``[a-z][a-z0-9_-]{0,31}``."""
    return _NAME.fullmatch(name) is not None


def new_id() -> str:
    """A fresh random id of 80 bits: 16 characters, safe in URLs, file names and speech."""
    number = secrets.randbits(80)
    return "".join(_ID_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))
