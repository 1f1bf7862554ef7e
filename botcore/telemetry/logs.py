"""Logs: one event a line on stderr, JSON or for people, with the job, session and stage that it is about.

Everything goes through the standard library's logging, so that the lines of libraries get the same form and
the same redaction. An event is a fixed ``snake_case`` word; what varies is a keyword.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TextIO

from botcore.telemetry.redaction import redact

if TYPE_CHECKING:
    from structlog.stdlib import BoundLogger
    from structlog.typing import Processor

_NOTHING: Mapping[str, str] = MappingProxyType({})
_context: ContextVar[Mapping[str, str]] = ContextVar("botcore_log_context", default=_NOTHING)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
# Their lines below a warning hold SQL with its values, or query strings with their tokens.
_TALKATIVE = ("aiohttp.access", "aiosqlite", "asyncio", "tortoise")


class ToldAlready(Exception):
    """An error whose beginning and end are logged where it comes from, such as an outage: on its way up a log
    line says its sentence and no traceback, and what is repeated says nothing."""


class Logger:
    """A named logger. structlog is imported at its first line: commands that log nothing start fast."""

    __slots__ = ("_name", "_plain")

    def __init__(self, name: str) -> None:
        self._name = name
        self._plain = logging.getLogger(name)

    def debug(self, event: str, /, **values: object) -> None:
        if self._plain.isEnabledFor(logging.DEBUG):  # else without waking structlog
            _bound(self._name).debug(event, **values)

    def info(self, event: str, /, **values: object) -> None:
        _bound(self._name).info(event, **values)

    def warning(self, event: str, /, **values: object) -> None:
        _bound(self._name).warning(event, **values)

    def error(self, event: str, /, **values: object) -> None:
        """``exc_info=error`` adds its traceback."""
        _bound(self._name).error(event, **values)

    def exception(self, event: str, /, **values: object) -> None:
        """An error with the traceback of the exception that is being handled."""
        _bound(self._name).exception(event, **values)


def get_logger(name: str) -> Logger:
    """A logger; ``name`` is the module's."""
    return Logger(name)


class log_context:  # noqa: N801  # reads as the word after "with"; a generator would cost each request more
    """Put ``values`` (job, session, stage) on each line of the block, and of the tasks started in it."""

    __slots__ = ("_token", "_values")

    def __init__(self, **values: str) -> None:
        self._values = values

    def __enter__(self) -> None:
        self._token = _context.set({**_context.get(), **self._values})

    def __exit__(self, *_: object) -> None:
        _context.reset(self._token)


def configure_logging(
    format: Literal["auto", "json", "console"] = "auto",  # noqa: A002  # the setting's own name
    level: str = "info",
    stream: TextIO | None = None,
) -> None:
    """Send every line of this process to ``stream`` (stderr). Calling again replaces what was set before.

    :param format: ``auto`` is ``console`` on a terminal and ``json`` elsewhere.
    """
    import structlog

    stream = stream or sys.stderr
    for_people = format == "console" or (format == "auto" and stream.isatty())
    renderer: list[Processor] = [_as_json]
    if for_people:
        console = structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
        renderer = [_escape_controls, console]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_chain(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    for old in [old for old in root.handlers if getattr(old, "of_botcore", False)]:
        root.removeHandler(old)
    handler.of_botcore = True  # type: ignore[attr-defined]  # marks it for the line above
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _chain() -> list[Processor]:
    """What every line goes through, ours and the libraries'."""
    import structlog

    return [
        _with_context,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_known_traces,
        structlog.processors.format_exc_info,
        redact,
    ]


@cache
def _bound(name: str) -> BoundLogger:
    import structlog

    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.stdlib.filter_by_level,
                *_chain(),
                structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
            ],
            wrapper_class=structlog.stdlib.BoundLogger,
            logger_factory=structlog.stdlib.LoggerFactory(),
        )
    logger: BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def _without_known_traces(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    told = event.get("exc_info")
    error = sys.exc_info()[1] if told is True else told
    if isinstance(error, ToldAlready):
        del event["exc_info"]
        event["error"] = str(error)
    return event


def _with_context(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {**_context.get(), **event}


def _as_json(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    # redact() has left only what JSON knows
    first = {key: event.pop(key) for key in ("timestamp", "level", "event") if key in event}
    return json.dumps({**first, **event}, ensure_ascii=False)


def _escape_controls(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A value must not be able to paint on the operator's terminal or to look like a second line."""
    for key, value in event.items():
        if isinstance(value, str):
            text = value if key == "exception" else value.replace("\n", "\\n")
            event[key] = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    return event
