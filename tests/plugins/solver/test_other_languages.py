"""Problems in the words of other languages: the same answers as in English, or none."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import botcore_solver
import pytest
from babel.messages.pofile import read_po
from botcore_solver.classes import CLASSES
from botcore_solver.outcome import Abstained
from botcore_solver.reading.phrasebook import in_english
from botcore_solver.solve import solve, understand
from hypothesis import given
from hypothesis import strategies as st

from botcore.testing.catalogues import TRANSLATED

SPANISH = {
    "resuelve x^2=4": "{-2, 2}",
    "Resuelve la ecuación: x² − 5x + 6 = 0": "{2, 3}",
    "¿Puedes resolver 2x + 3 = 11, por favor?": "{4}",
    "halla x: 2x + 3 = 7": "{2}",
    "encuentra las raíces de x^2 - 9": "{-3, 3}",
    "resuelve el sistema x + y = 5, x - y = 1": "[3, 2]",
    "derivada de x^3 - 3x": "3*x**2 - 3",
    "¿Cuál es la segunda derivada de x^4?": "12*x**2",
    "derivada de x^2 en x = 3": "6",
    "pendiente de x^2 en x = 3": "6",
    "integral de x^2 de 0 a 2": "8/3",
    "calcula la integral de 0 a 2 de x^2 dx": "8/3",
    "integra x^2 desde x = 0 hasta x = 2": "8/3",
    "área bajo la curva x^2 entre 0 y 2": "8/3",
    "grafica la función y = x^2 - 4": "x**2 - 4",
    "dibuja sin(x) de 0 a 2pi": "sin(x)",
    "¿Cuánto es 3/4 + 5/6?": "19/12",
    "simplifica (2 + 3)^2 - 4 * 5": "5",
    "¿cuánto es el 15% de 80?": "12",
}
PORTUGUESE = {
    "resolva x^2=4": "{-2, 2}",
    "Resolva a equação x² − 5x + 6 = 0": "{2, 3}",
    "ache x: 2x + 3 = 7": "{2}",
    "encontre as raízes de x^2 - 9": "{-3, 3}",
    "resolva o sistema x + y = 5, x - y = 1": "[3, 2]",
    "derivada de x^3 - 3x": "3*x**2 - 3",
    "qual é a segunda derivada da função x^4?": "12*x**2",
    "derivada de x^2 em x = 3": "6",
    "calcule a integral de x^2 de 0 a 2": "8/3",
    "área sob a curva x^2 de 0 até 2": "8/3",
    "desenhe o gráfico de x^2 - 4": "x**2 - 4",
    "esboce sin(x) de 0 a 2pi": "sin(x)",
    "quanto é 3/4 + 5/6?": "19/12",
    "quanto é 15% de 80": "12",
}
RUSSIAN = {
    "реши x^2=4": "{-2, 2}",
    "Решите уравнение x² − 5x + 6 = 0, пожалуйста": "{2, 3}",
    "реши х^2 - 5х + 6 = 0": "{2, 3}",
    "2х + 3 = 11": "{4}",
    "найди x, если 2x + 3 = 7": "{2}",
    "найди корни уравнения x^2 - 9 = 0": "{-3, 3}",
    "решите систему уравнений x + y = 5 и x - y = 1": "[3, 2]",
    "реши систему: х + у = 5, х - у = 1": "[3, 2]",
    "производная x^3 - 3x": "3*x**2 - 3",
    "найдите вторую производную функции x^4": "12*x**2",
    "производная от x^2 в точке x = 3": "6",
    "интеграл x^2 от 0 до 2": "8/3",
    "вычислите определённый интеграл от 0 до 2 от x^2": "8/3",
    "площадь под графиком x^2 от 0 до 2": "8/3",
    "построй график функции y = x^2 - 4": "x**2 - 4",
    "сколько будет 3/4 + 5/6?": "19/12",
    "упростите выражение (2 + 3)^2 - 4 * 5": "5",
    "сколько будет 15% от 80": "12",
}
ARABIC = {
    "حل x^2=4": "{-2, 2}",
    "حُلّ المعادلة x² − 5x + 6 = 0": "{2, 3}",
    "هل يمكنك حل المعادلة التالية: ٢x + ٣ = ١١؟": "{4}",
    "أوجد قيمة x إذا كان 2x + 3 = 7": "{2}",
    "حل نظام المعادلات x + y = 5 و x - y = 1": "[3, 2]",
    "مشتقة x^3 - 3x": "3*x**2 - 3",
    "أوجد المشتقة الثانية للدالة x^4": "12*x**2",
    "ميل x^2 عند x = 3": "6",
    "تكامل x^2 من 0 إلى 2": "8/3",
    "احسب التكامل المحدد للدالة x^2 من ٠ إلى ٢": "8/3",
    "المساحة تحت المنحنى x^2 من 0 إلى 2": "8/3",
    "ارسم منحنى الدالة y = x^2 - 4": "x**2 - 4",
    "كم يساوي 3/4 + 5/6؟": "19/12",
    "بسّط (2 + 3)^2 - 4 * 5": "5",
    "ما هو 15% من 80؟": "12",
}
HINDI = {
    "x^2=4 हल करो": "{-2, 2}",
    "समीकरण x² − 5x + 6 = 0 को हल करें।": "{2, 3}",
    "हल कीजिए: २x + ३ = ११": "{4}",
    "x^2 - 9 = 0 के मूल ज्ञात कीजिए": "{-3, 3}",
    "समीकरण निकाय x + y = 5 और x - y = 1 को हल करें": "[3, 2]",
    "x^3 - 3x का अवकलज": "3*x**2 - 3",
    "x^4 का द्वितीय अवकलज ज्ञात कीजिए": "12*x**2",
    "x = 3 पर x^2 की ढाल": "6",
    "x^2 का 0 से 2 तक समाकलन": "8/3",
    "0 से 2 तक x^2 का समाकल निकालें": "8/3",
    "x^2 - 4 का ग्राफ़ बनाएँ": "x**2 - 4",
    "3/4 + 5/6 का मान ज्ञात करें": "19/12",
    "3/4 + 5/6 कितना होता है?": "19/12",
    "80 का 15% कितना है?": "12",
}
UNCERTAIN = (
    "resuelve x = 3 o x = 4",
    "resuelve x + y = 5 y x - y = 1",
    "derivada de x^2 y y^3",
    "derivada de x^2 e x",
    "derivada de x^2 cuando llueve",
    "resuelve x^2 = 4 con x > 0",
    "integral de x^2 entre cero y dos",
    "resolva x^2 = 4 com x positivo",
    "реши x^2 = 4, если x > 0",
    "реши x^2 = 4 в комплексных числах с условием",
    "найди наибольший корень x^2 = 4",
    "حل x^2 = 4 حيث x موجب",
    "حل س^2 = 4",
    "أوجد أكبر حل للمعادلة x^2 = 4",
    "x^2 = 4 का धनात्मक हल बताओ",
    "x का सबसे बड़ा मान बताओ यदि x^2 = 4",
)
"""What a word changes, or what can be read in two ways."""


@pytest.mark.parametrize(
    ("text", "answer"),
    [item for table in (SPANISH, PORTUGUESE, RUSSIAN, ARABIC, HINDI) for item in table.items()],
)
def test_a_problem_in_another_language_has_the_same_answer(text: str, answer: str) -> None:
    assert solve(text).answer == answer


@pytest.mark.parametrize("text", UNCERTAIN)
def test_a_word_that_is_not_understood_is_never_left_out(text: str) -> None:
    with pytest.raises(Abstained):
        solve(text)


@pytest.mark.parametrize(
    "text",
    ["solve x^2 = 4", "x + 1 = 3", "plot x^2", "derivative of x e^x", "3 + 4", "integral of x from 0 to 1"],
)
def test_english_is_left_alone(text: str) -> None:
    assert in_english(text) == text


@given(
    st.text(
        alphabet="реши корень x²=4 2 حل من और को हल करें de la y e integral derivada \u0301\u093c", max_size=40
    )
)
def test_any_mixture_is_read_or_refused(text: str) -> None:
    with suppress(Abstained):
        assert understand(text).by in CLASSES


FORMULAS = (
    "x^2 - 5x + 6",
    "sin(x)",
    "3x + 1",
    "e^(2x)",
    "x y",
    "2/3 x^2",
    "x cuando",
    "x и 3",
    "x أكبر 3",
    "",
)


@given(
    st.sampled_from(FORMULAS),
    st.sampled_from(["derivada de {}", "производная {}", "مشتقة {}", "{} का अवकलज"]),
)
def test_a_phrase_reads_a_formula_exactly_as_english_does(formula: str, phrase: str) -> None:
    assert _read(phrase.format(formula)) == _read(f"derivative of {formula}")


def _read(text: str) -> object:
    try:
        return understand(text).problem
    except Abstained:
        return None


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_examples_that_a_student_is_shown_are_understood(language: str) -> None:
    path = Path(botcore_solver.__file__).parent / "catalogues" / f"{language}.po"
    with path.open("rb") as file:
        said = {entry.id: entry.string for entry in read_po(file, locale=language)}
    for problem_class in CLASSES:
        shown = said.get(str(problem_class.examples[0]), problem_class.examples[0])
        assert understand(shown).by is problem_class
