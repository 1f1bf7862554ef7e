"""Fences become entities, and nothing gets lost."""

from __future__ import annotations

import pytest
from botcore_telegram.code_blocks import sendable, units, with_entities
from hypothesis import given
from hypothesis import strategies as st

PIECES = st.lists(
    st.tuples(st.text("ab 👩\u200d👧é\n", max_size=6), st.text("xy=1 😀\n", min_size=1, max_size=9)),
    max_size=4,
)


@given(PIECES, st.sampled_from(["", "python", "c++"]))
def test_every_block_of_code_is_where_its_entity_says(pieces: list[tuple[str, str]], language: str) -> None:
    text = "".join(f"{prose}\n```{language}\n{code}\n```\n" for prose, code in pieces)
    shown, entities = with_entities(text)
    encoded = shown.encode("utf-16-le")
    marked = [encoded[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le") for e in entities]
    wanted = [code for _, code in pieces if code.strip()]
    assert marked == wanted
    assert all(e.language == (language or None) for e in entities)
    unfenced = text.replace(f"```{language}\n", "").replace("\n```", "")
    assert "".join(shown.split()) == "".join(unfenced.replace("```", "").split()) or len(wanted) < len(pieces)


@pytest.mark.parametrize("text", ["```", "```\nx", "x ``` y", "```python", "``` ```", "", "a `b` c"])
def test_what_is_no_whole_block_stays_as_it_is(text: str) -> None:
    assert with_entities(text) == (text, [])


@given(st.text(st.characters(), max_size=40))
def test_text_with_halves_of_characters_can_be_sent(text: str) -> None:
    clean = sendable(text)
    clean.encode()
    assert len(clean) <= len(text)
    assert units(clean) <= 2 * len(text)


def test_whole_text_is_kept_by_sendable() -> None:
    text = "\u202e👩\u200d👧 é x² \x00"
    assert sendable(text) == text
