"""In which language a text is written: by its script, and where several share one, by its words."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SCRIPTS: Mapping[str, tuple[range, ...]] = {
    "ar": (range(0x0600, 0x0700), range(0x0750, 0x0780), range(0xFB50, 0xFE00), range(0xFE70, 0xFF00)),
    "hi": (range(0x0900, 0x0980),),
    "ru": (range(0x0400, 0x0530),),
}
_NEIGHBOURS: Mapping[str, frozenset[str]] = {
    "ar": frozenset("پچژگکیےھٹڈڑں"),  # Persian, Urdu
    "hi": frozenset(),
    "ru": frozenset(
        "іїєґўјљњћђџѓќѕәғқңөұүһІЇЄҐЎЈЉЊЋЂЏЃЌЅӘҒҚҢӨҰҮҺ"
    ),  # Ukrainian, Belarusian, Serbian, Kazakh …
}
"""Letters that other languages write in the same script: whoever uses one is better answered in English."""
_LETTERS = 3
"""Fewer letters may be names of quantities."""

_OWN: Mapping[str, str] = {
    "es": """
        resuelve resuelva resuélveme resuelveme soluciona halla hallar halle encuentra encuentre despeja
        dibuja dibuje grafica gráfica muéstrame muestrame explícame explicame ayúdame ayudame dime dame
        ecuación ecuacion ecuaciones función funcion raíces raices pendiente siguiente siguientes cuál cuánto
        cuánta cuántos hola buenas buenos gracias ayuda qué cómo quiero necesito puedes hacer los las
    """,
    "pt": """
        resolva encontre ache desenhe mostre esboce explique equação equacao equações equacoes função funcao
        funções raízes raizes inclinação seguinte seguintes quanto quanta quantos soluções solução
        olá oi obrigado obrigada ajuda ajude você voce não nao uma quero preciso pode fazer são
    """,
}
"""Words that the others of our languages do not have, as pupils write them: often without accents."""
_WORDS = {language: frozenset(words.split()) for language, words in _OWN.items()}
_WORD = re.compile(r"[^\W\d_]{2,}")


def guess(text: str) -> str:
    """The language that ``text`` is written in: ``ar``, ``es``, ``hi``, ``pt``, ``ru``, or empty.

    English is empty too: it is what everybody is answered in of whom nothing is known.
    """
    return _by_script(text) or _by_words(text)


def _by_script(text: str) -> str:
    """Latin letters count for nothing: they are in the formulas of every language."""
    counts = {
        language: sum(any(ord(letter) in span for span in spans) for letter in text)
        for language, spans in _SCRIPTS.items()
    }
    language = max(counts, key=lambda found: counts[found])
    if counts[language] < _LETTERS or _NEIGHBOURS[language] & set(text):
        return ""
    return language


def _by_words(text: str) -> str:
    words = set(_WORD.findall(text.casefold()))
    counts = {language: len(words & own) for language, own in _WORDS.items()}
    spanish, portuguese = counts["es"], counts["pt"]
    if spanish == portuguese:
        return ""
    return "es" if spanish > portuguese else "pt"
