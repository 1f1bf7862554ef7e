"""Who can be written to: a person by the id that the business knows, or by a phone number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from botcore.errors import DeliveryRejected

_BUSINESS_SCOPED = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,140}")
_PHONE = re.compile(r"[0-9]{5,20}")


@dataclass(frozen=True, slots=True)
class Person:
    """One of the two is set: ``recipient`` for a business-scoped id, ``to`` for a phone number."""

    to: str | None = None
    recipient: str | None = None

    @classmethod
    def of(cls, address: str) -> Self:
        """Raises :class:`DeliveryRejected` for what names nobody."""
        if _BUSINESS_SCOPED.fullmatch(address):
            return cls(recipient=address)
        if _PHONE.fullmatch(address):
            return cls(to=address)
        raise DeliveryRejected(f"{address[:40]!r} is nobody on WhatsApp")


def is_address(text: object) -> bool:
    """Whether somebody can be written to under this name."""
    return isinstance(text, str) and bool(_BUSINESS_SCOPED.fullmatch(text) or _PHONE.fullmatch(text))
