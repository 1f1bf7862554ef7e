"""Cursors: where the next page of jobs begins, as one word that says nothing to its reader."""

from __future__ import annotations

import base64
import binascii
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import StringConstraints

from botcore.state import Bookmark
from botcore.web.bodies import members_wrong
from botcore.web.endpoints import PATH_NAMES

Cursor = Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9_-]*$")]
"""In a query; empty for the first page."""

_JOB_ID = re.compile(PATH_NAMES["id"].pattern)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cursor_of(bookmark: Bookmark | None) -> str | None:
    """The cursor of the page that begins there; None after the last one."""
    if bookmark is None:
        return None
    microseconds = (bookmark.created_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{microseconds}.{bookmark.job_id}".encode()).decode().rstrip("=")


def bookmark_of(cursor: str) -> Bookmark | None:
    """What :func:`cursor_of` was given.

    :raises RequestRefused: 422, nobody gave this cursor out.
    """
    if not cursor:
        return None
    with suppress(binascii.Error, ValueError, OverflowError):
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        microseconds, _, job_id = text.partition(".")
        if _JOB_ID.fullmatch(job_id):  # a longer one fits no column
            return Bookmark(_EPOCH + timedelta(microseconds=int(microseconds)), job_id)
    raise members_wrong("query_invalid", "query", [("cursor", "must be the next of a page")])
