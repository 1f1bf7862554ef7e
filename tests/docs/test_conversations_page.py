"""docs/conversations.md is true: it is what the bot says."""

from __future__ import annotations

import pytest

from tests.docs.conversations import PAGE, alike, page


def test_the_page_holds_both_platforms_and_leaves_no_secret() -> None:
    text = PAGE.read_text()
    assert text.count("🎬") >= 3
    assert "## Telegram" in text
    assert "## WhatsApp" in text
    assert "_token_for_tests" not in text


def test_what_differs_from_run_to_run_is_left_out_of_the_comparison() -> None:
    drawn = "> ✎ Drawing the video… (97%)\n\n"
    assert alike(f"{drawn}> ✎ 🎬 854×480, 29 s, 472 kB") == alike("> ✎ 🎬 854×480, 30 s, 9 kB")
    assert alike("> ✎ 🎬 480×854, 29 s, 472 kB") != alike("> ✎ 🎬 854×480, 29 s, 472 kB")
    assert alike("> x = 2") != alike("> x = 3")


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_the_bot_still_talks_as_the_page_says() -> None:
    assert alike(await page()) == alike(PAGE.read_text())
