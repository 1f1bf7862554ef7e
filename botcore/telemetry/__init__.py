"""Structured logs, metrics, and tasks whose failure is seen.

Importing this is cheap: structlog and prometheus-client are loaded when they are first used.
"""

from botcore.telemetry.logs import Logger, configure_logging, get_logger, log_context
from botcore.telemetry.redaction import hide
from botcore.telemetry.tasks import spawn, watch_loop

__all__ = ["Logger", "configure_logging", "get_logger", "hide", "log_context", "spawn", "watch_loop"]
