"""What plugins are asked while a message waits: with a limit, and without trust in their code."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

from botcore.hooks.deadline import Overdue, deadline
from botcore.telemetry import get_logger, metrics

ASK_SECONDS = 2.0
"""A question about a text is cheap; what takes longer than this would hold up everybody."""

T = TypeVar("T")

log = get_logger(__name__)


def ask(plugin: str, what: str, question: Callable[[str], T], text: str, *, otherwise: T) -> T:
    """What ``question`` says about ``text``; ``otherwise`` when it raises or takes too long.

    A plugin's fault must not cost the person an answer that helps.

    :param what: the name of the question, for the log and the metrics.
    """
    started = perf_counter()
    try:
        with deadline(ASK_SECONDS):
            return question(text)
    except (Exception, Overdue) as error:  # a plugin may raise anything; it is logged
        reason = "timeout" if isinstance(error, Overdue) else "raised"
        metrics.hook_failures.labels(what, plugin, reason).inc()
        log.exception("question_passed_over", plugin=plugin, question=what, reason=reason)
        return otherwise
    finally:
        metrics.hook_seconds.labels(what, plugin).observe(perf_counter() - started)
