"""Russian, with е for ё, and with the letters х and у of its keyboard for x and y."""

from __future__ import annotations

import re

from botcore_solver.reading.phrasebook.phrase import INSIDE, A, B, Book, M, P, S, V

_SOLVE = r"(?:реши(?:те|ть)?|решим)"
_ASK = r"(?:найди(?:те)?|найти|вычисли(?:те|ть)?|определи(?:те|ть)?|посчитай(?:те)?|чему равн[аоы]?|какова)"
_FUNCTION = r"(?: функци[июя])?"
_RANGE = rf"(?:(?:от|с) {A} до {B}|на(?: отрезке| промежутке| интервале)? {INSIDE})"
_LONELY = re.compile(r"(?<![\u0400-\u04ff])[хуХУ](?![\u0400-\u04ff])")
_NAMES = str.maketrans("хуХУ", "xyXY")


def _fold(text: str) -> str:
    text = text.replace("ё", "е").replace("Ё", "Е")
    return _LONELY.sub(lambda letter: letter.group().translate(_NAMES), text)


BOOK = Book(
    phrases=(
        ("system", rf"{_SOLVE} систему(?: (?:двух )?(?:линейных )?уравнений)?{S}{M}"),
        ("solve", rf"{_SOLVE}(?: (?:это|данное))?(?: (?:линейное|квадратное))?(?: уравнение)?{S}{M}"),
        ("solve", rf"{_ASK} {V}(?:,? если|\s*[:,]|,? из(?: уравнения)?)\s+{M}"),
        (
            "roots",
            rf"{_ASK} (?:корни|корень|нули|решени[ея])(?: уравнения| функции| многочлена)?{S}{M}",
        ),
        (
            "derivative",
            (
                rf"(?:{_ASK} )?(?:(?P<n>перв(?:ую|ая)|втор(?:ую|ая)|треть[юя]) )?производн(?:ую|ая)(?: от)?"
                rf"{_FUNCTION}{S}{M}(?:,? по {V})?(?:,? (?:при|в точке) {P})?"
            ),
        ),
        ("derivative", rf"продифференцируй(?:те)?{_FUNCTION}{S}{M}"),
        (
            "slope",
            rf"(?:{_ASK} )?наклон(?: касательной)?(?: к)?(?: графику)?{_FUNCTION}{S}{M} (?:при|в точке) {P}",
        ),
        ("integral", rf"(?:{_ASK} )?(?:определенный )?интеграл от {A} до {B}(?: от)?{_FUNCTION}{S}{M}"),
        ("integral", rf"(?:{_ASK} )?(?:определенный )?интеграл(?: от)?{_FUNCTION}{S}{M} {_RANGE}"),
        ("integral", rf"проинтегрируй(?:те)?{_FUNCTION}{S}{M} {_RANGE}"),
        ("integral", rf"(?:{_ASK} )?(?:определенный )?интеграл(?: от)?{_FUNCTION}{S}{M}"),
        ("area", rf"(?:{_ASK} )?площадь под (?:графиком|кривой){_FUNCTION}{S}{M} {_RANGE}"),
        (
            "plot",
            (
                rf"(?:построй(?:те)?|построить|нарисуй(?:те)?|начерти(?:те)?|покажи(?:те)?)(?: график)?"
                rf"{_FUNCTION}{S}{M}(?: {_RANGE})?"
            ),
        ),
        ("plot", rf"график{_FUNCTION}{S}{M}(?: {_RANGE})?"),
        (
            "percent",
            rf"(?:(?:{_ASK}|сколько будет) )?(?P<a>[\d.,]+)\s*(?:%|процент(?:ов|а)?) от (?P<m>[\d.,]+)",
        ),
        (
            "compute",
            (
                rf"(?:{_ASK}|сколько будет|упрости(?:те|ть)?|сократи(?:те|ть)?)"
                rf"(?: значение)?(?: выражени[ея])?{S}{M}"
            ),
        ),
        ("solve", r"(?P<m>[^\u0400-\u04ff]+=[^\u0400-\u04ff=]+)"),
    ),
    courtesies=re.compile(
        r"^(?:привет|здравствуй(?:те)?|пожалуйста|помоги(?:те)?|можешь|можете|мне)[\s,!.]+|"
        r"[\s,]+(?:пожалуйста|спасибо|по шагам)$",
        re.IGNORECASE,
    ),
    fold=_fold,
    ordinals={
        "первую": "first",
        "первая": "first",
        "вторую": "second",
        "вторая": "second",
        "третью": "third",
        "третья": "third",
    },
    conjunction=re.compile(r"\s+и\s+"),
)
