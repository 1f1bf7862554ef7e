from __future__ import annotations

import pytest

from botcore.plugins.guard import why_incompatible


@pytest.mark.parametrize(
    "requirement",
    [
        "botcore-framework>=0.1,<0.2",
        "botcore_framework>=0.1",
        "Botcore.Framework (>=0.1)",
        "botcore-framework[console]~=0.1.0",
        'botcore-framework>=0.1; python_version >= "3.8"',
    ],
)
def test_a_range_that_holds_the_installed_version_fits(requirement: str) -> None:
    assert why_incompatible(["sympy>1", requirement], "0.1.7") is None


def test_a_prerelease_of_the_framework_counts() -> None:
    assert why_incompatible(["botcore-framework>=0.2.dev0"], "0.2.0.dev3") is None


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "declares no dependency on botcore-framework"),
        (["botcore>=0.1"], "declares no dependency on botcore-framework"),
        (
            ["not a requirement !!", "botcore-framework>=9"],
            "needs botcore-framework>=9, and 0.1.7 is installed",
        ),
        (["botcore-framework<0.2,>=0.1.8"], "and 0.1.7 is installed"),
        (["botcore-framework>=0.1", "botcore-framework<0.1.5"], "needs botcore-framework<0.1.5"),
        (["botcore-framework"], "names no version"),
        (['botcore-framework>=0.1; sys_platform == "plan9"'], "declares no dependency"),
    ],
)
def test_anything_else_says_why_not(lines: list[str], reason: str) -> None:
    assert reason in (why_incompatible(lines, "0.1.7") or "")
