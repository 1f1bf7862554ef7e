"""For all tests."""

from __future__ import annotations

from hypothesis import settings

# Hypothesis gives each example 200 ms by the clock, and the first ones a second to be drawn, in which it also
# reads every module that is loaded. On a busy machine that fails tests of which nothing is wrong.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
