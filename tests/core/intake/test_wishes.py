"""Pure wishes are understood in every language of the bot; everything else is left to others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.intake.wishes import Wish, read_wish
from botcore.model import Aspect, Format, Quality, RenderOptions

TALL, WIDE, SQUARE = Wish(aspect=Aspect.TALL), Wish(aspect=Aspect.WIDE), Wish(aspect=Aspect.SQUARE)
HIGH, MEDIUM, LOW = Wish(Quality.HIGH), Wish(Quality.MEDIUM), Wish(Quality.LOW)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("vertical", TALL),
        ("Make it vertical, please!", TALL),
        ("9:16", TALL),
        ("16 x 9", WIDE),
        ("landscape", WIDE),
        ("square please 🙏🏽", SQUARE),
        ("in high quality", HIGH),
        ("HD", HIGH),
        ("normal quality", MEDIUM),
        ("low quality", LOW),
        ("high quality and vertical", Wish(Quality.HIGH, Aspect.TALL)),
        ("en calidad máxima, por favor", HIGH),
        ("¿Puedes hacerlo cuadrado?", SQUARE),
        ("baja calidad", LOW),
        ("em alta qualidade", HIGH),
        ("quero vertical, por favor", TALL),
        ("quadrado", SQUARE),
        ("в высоком качестве, пожалуйста", HIGH),
        ("сделай вертикальное видео", TALL),
        ("низкое качество", LOW),
        ("квадратное", SQUARE),
        ("من فضلك بجودة عالية", HIGH),
        ("بجودةٍ عاليةٍ", HIGH),
        ("عمودي", TALL),
        ("أريد الفيديو بشكل أفقي", WIDE),
        ("मुझे उच्च गुणवत्ता चाहिए", HIGH),
        ("वर्टिकल बनाइए", TALL),
        ("वर्गाकार", SQUARE),
    ],
)
def test_a_wish_is_read_from_the_first_word_to_the_last(text: str, wish: Wish) -> None:
    assert read_wish(text) == wish


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "please",
        "make the circle red",
        "draw the vertical line x = 2",
        "vertical and horizontal",
        "high or low quality",
        "high low",
        "solve 2x = 4",
        "find the highest point of x^2",
        "no",
        "vertical " * 40,
    ],
)
def test_anything_else_is_no_wish(text: str) -> None:
    assert read_wish(text) is None


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    wish = read_wish(text)
    assert wish is None or wish.quality is not None or wish.aspect is not None


@given(st.sampled_from(Quality), st.sampled_from(Aspect), st.sampled_from(Format))
def test_what_is_not_wished_stays_as_it_is(quality: Quality, aspect: Aspect, form: Format) -> None:
    options = RenderOptions(quality, aspect, form, scene="A")
    assert Wish().of(options) == options
    assert HIGH.of(options) == RenderOptions(Quality.HIGH, aspect, form, scene="A")
    assert SQUARE.of(options) == RenderOptions(quality, Aspect.SQUARE, form, scene="A")
