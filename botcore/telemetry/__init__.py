"""Structured logs, metrics, and tasks whose failure is seen.

Importing this is cheap: structlog and prometheus-client are loaded when they are first used.
"""

from botcore.telemetry.logs import Logger, ToldAlready, configure_logging, get_logger, log_context
from botcore.telemetry.redaction import hide
from botcore.telemetry.tasks import keep_on, repeating, spawn, watch_loop

__all__ = [
    "Logger",
    "ToldAlready",
    "configure_logging",
    "get_logger",
    "hide",
    "keep_on",
    "log_context",
    "repeating",
    "spawn",
    "watch_loop",
]
