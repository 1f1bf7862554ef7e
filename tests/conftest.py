"""For all tests: how Hypothesis draws its examples.

``repeatable`` is what ``make test`` runs: a test draws the same examples in every run, so that nobody's gate
goes red for a fault that was there before. ``exploring`` is what ``make test-all`` runs: new examples each
time, many of them; what it finds becomes an example of a test of its own. Neither asks the clock: on a busy
machine Hypothesis's deadline (200 ms an example) and its limit for drawing fail tests of which nothing is
wrong."""

from __future__ import annotations

import signal

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

_DEFAULT = settings.get_profile("default")  # whatever Hypothesis takes up by itself where CI is set

settings.register_profile(
    "repeatable",
    parent=_DEFAULT,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "exploring",
    parent=_DEFAULT,
    max_examples=400,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")

_constants_of_loaded_modules = providers._get_local_constants


def _constants() -> providers.Constants:
    """Hypothesis mixes constants into its examples that it reads from those of our modules that are loaded.
    Which are depends on the tests that ran before in the same process, which pytest-xdist deals out as others
    end."""
    return providers.Constants() if settings().derandomize else _constants_of_loaded_modules()


providers._get_local_constants = _constants


def pytest_configure() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so does every child of it: tests that press
    it would wait for nothing."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
