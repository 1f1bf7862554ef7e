from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from botcore.delivery.splitting import length, split
from botcore.model import TextUnit

TEXTS = st.text(alphabet=st.sampled_from("ab .!?\n\t∫é😀👩🏽\u200d\u0301\U0001f3fd\u05d0"), max_size=300)


@given(TEXTS | st.text(max_size=200), st.integers(4, 80), st.sampled_from(TextUnit))
def test_parts_fit_and_nothing_is_lost(text: str, limit: int, unit: TextUnit) -> None:
    parts = split(text, limit, unit)

    assert "".join(parts) == text
    assert all(length(part, unit) <= limit for part in parts)
    assert parts == [""] or all(parts)


@given(TEXTS, st.sampled_from(TextUnit))
def test_no_limit_is_one_part(text: str, unit: TextUnit) -> None:
    assert split(text, 0, unit) == [text]


def test_units_are_those_of_the_platforms() -> None:
    assert [length("é😀", unit) for unit in (TextUnit.CODE_POINTS, TextUnit.UTF16, TextUnit.BYTES)] == [
        2,
        3,
        6,
    ]


def test_cuts_fall_between_paragraphs_then_lines_then_sentences_then_words() -> None:
    assert split("aaaa bbbb.\n\ncc cc", 14) == ["aaaa bbbb.\n\n", "cc cc"]
    assert split("aaaa. bbbb\ncccc", 12) == ["aaaa. bbbb\n", "cccc"]
    assert split("aaaa bbb. cccc dd", 14) == ["aaaa bbb. ", "cccc dd"]
    assert split("aaaaaa bbbbbb", 10) == ["aaaaaa ", "bbbbbb"]


def test_word_that_is_too_long_is_cut_but_not_through_a_letter() -> None:
    assert split("abce\u0301def", 4) == ["abc", "e\u0301de", "f"]
    family = "👩\u200d👩\u200d👧"
    assert split("abc" + family, 7) == ["abc", family]


def test_limit_below_one_character_still_sends_everything() -> None:
    assert split("😀😀", 1, TextUnit.BYTES) == ["😀", "😀"]
