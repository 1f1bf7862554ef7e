"""Text rules: what is refused says why, and what is accepted arrives unchanged."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.errors import EmptyText, ForbiddenCharacter, InputError, NotText, TextTooLong, TextTooShort
from botcore.intake.text import TextRules, blank, check_code, check_problem, decode, plain

RULES = TextRules()
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def never(text: str) -> bool:
    return False


def always(text: str) -> bool:
    return True


@pytest.mark.parametrize(
    "text", ["", "   \n\t ", "\u200b\u200d\u2060", "\u200f\u202e", "\u2800\u3164", "\u0301"]
)
def test_text_that_shows_nothing_is_empty(text: str) -> None:
    with pytest.raises(EmptyText) as caught:
        check_problem(text, RULES, always)
    assert "solve x^2" in caught.value.message


def test_short_text_is_accepted_only_when_a_solver_recognises_it() -> None:
    asked: list[str] = []

    def recognised(text: str) -> bool:
        asked.append(text)
        return text == "2x=4"

    assert check_problem(" 2x=4 ", RULES, recognised) == "2x=4"
    with pytest.raises(TextTooShort) as caught:
        check_problem("hello", RULES, recognised)
    assert "at least 10 characters" in caught.value.message
    assert asked == ["2x=4", "hello"]


def test_text_of_ten_characters_is_not_put_to_the_solver() -> None:
    assert check_problem("0123456789", RULES, never) == "0123456789"


def test_the_limit_is_counted_in_characters_not_bytes() -> None:
    assert len(check_problem("🧮" * 5000, RULES, never)) == 5000
    with pytest.raises(TextTooLong) as caught:
        check_problem("x" * 5001, RULES, never)
    assert "5001" in caught.value.message
    assert "5000" in caught.value.message


def test_code_has_a_limit_of_its_own_and_keeps_its_spaces() -> None:
    code = "\n\n  # " + "x" * 6000 + "\n"
    assert check_code(code, RULES) == code
    with pytest.raises(TextTooLong):
        check_code("x" * 50_001, RULES)


@pytest.mark.parametrize(
    "text",
    [
        "حل المعادلة x^2 - 5x + 6 = 0",
        "פתור את המשוואה 2x + 3 = 7",
        "مرحبا\u200f x = 2 \u202bسؤال\u202c",
        "solve 👩🏽‍🚀 x² − 5x + 6 = 0 🏳️‍🌈 please",
        "解方程 x² = 4，谢谢老师帮助",
        "\tclass A(Scene):\n\t\tpass",
    ],
)
def test_other_scripts_and_emoji_survive_unchanged(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("solve\0 x = 2 for x", "U+0000"),
        ("\x1b[31msolve x = 2", "U+001B"),
        ("solve \x07 x = 2", "U+0007"),
        ("solve \x9b x = 2", "U+009B"),
        ("solve \ud83d x = 2", "U+D83D"),
        ("solve \uffff x = 2", "U+FFFF"),
    ],
)
def test_control_characters_are_refused_by_name(text: str, found: str) -> None:
    with pytest.raises(ForbiddenCharacter) as caught:
        plain(text)
    assert found in caught.value.message


def test_every_kind_of_line_break_becomes_one_line_feed() -> None:
    assert plain("\ufeffa\r\nb\rc\x0bd\x0ce\u2028f\x85g") == "a\nb\nc\nd\ne\nf\ng"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (PICTURE, "picture"),
        (b"%PDF-1.7 \xff", "PDF"),
        (b"PK\x03\x04\x14", "ZIP"),
        (b"\x80\x81\x82", "no utf-8"),
        (b"\xff\xfea", "no utf-16"),
    ],
)
def test_binary_files_are_refused(data: bytes, found: str) -> None:
    with pytest.raises(NotText) as caught:
        decode(data)
    assert found in caught.value.detail


def test_files_of_common_editors_are_read() -> None:
    assert decode("\ufeffx² = 4".encode()) == "x² = 4"
    assert decode("x² = 4".encode("utf-16")) == "x² = 4"


@given(st.text(alphabet=st.characters(max_codepoint=sys.maxunicode, categories=None)))
def test_any_text_is_either_refused_kindly_or_can_be_stored(text: str) -> None:
    try:
        kept = check_problem(plain(text), RULES, always)
    except InputError as error:
        refusal = error.message
    else:
        assert kept.encode()
        assert "\0" not in kept
        assert not blank(kept)
        return
    assert refusal
    assert "{" not in refusal


@given(st.binary(max_size=200))
def test_any_bytes_are_either_refused_or_are_text_that_reads_the_same(data: bytes) -> None:
    try:
        text = decode(data)
    except NotText:
        return
    assert text.encode() in {data, data.removeprefix(b"\xef\xbb\xbf")} or data[:2] in {
        b"\xff\xfe",
        b"\xfe\xff",
    }
