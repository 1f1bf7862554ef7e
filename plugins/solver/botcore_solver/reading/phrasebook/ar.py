"""Arabic, without vowel marks and with one spelling for the letters that people write in several ways."""

from __future__ import annotations

import re
import unicodedata

from botcore_solver.reading.phrasebook.phrase import INSIDE, A, B, Book, M, P, S, V

_SOLVE = r"(?:حل|حلي|حلوا|حل لي|(?:اوجد|جد|ما|ما هو|احسب) حل)"
_ASK = r"(?:اوجد|جد|احسب|ما هي|ما هو|ما|كم|اعط|حدد)"
_OF = r"(?: (?:ل|لل|للداله|الداله|داله|للمنحني|المنحني))?"
_RANGE = rf"(?:(?:من|بين) {A} (?:الي|حتي|و) {B}|(?:علي|في)(?: الفتره)? {INSIDE})"
_ONE = str.maketrans({**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ة": "ه", "ـ": ""})


def _fold(text: str) -> str:
    return "".join(
        c for c in text.translate(_ONE) if not ("\u0600" <= c <= "\u06ff" and unicodedata.category(c) == "Mn")
    )


BOOK = Book(
    phrases=(
        (
            "system",
            (
                rf"{_SOLVE} (?:نظام|جمله|منظومه)(?: (?:ال)?معادل(?:ات|تين))?(?: (?:ال)?خطيه)?"
                rf"(?: التالي(?:ه)?)?{S}{M}"
            ),
        ),
        ("solve", rf"{_SOLVE}(?: (?:ال)?معادل(?:ه|ات|تين))?(?: (?:الخطيه|التربيعيه))?(?: التاليه)?{S}{M}"),
        ("solve", rf"{_ASK}(?: قيمه)? {V}(?: (?:اذا كان|اذا كانت|في|حيث)|\s*[:,])\s+{M}"),
        ("roots", rf"{_ASK} (?:جذور|اصفار|حلول)(?: المعادله| كثير الحدود)?{_OF}{S}{M}"),
        (
            "derivative",
            (
                rf"(?:{_ASK} )?(?:ال)?مشتقه(?: (?P<n>الاولي|الثانيه|الثالثه))?{_OF}{S}{M}"
                rf"(?: بالنسبه (?:الي|ل) {V})?(?: عند(?: النقطه)? {P})?"
            ),
        ),
        ("derivative", rf"(?:اشتق|فاضل){_OF}{S}{M}"),
        ("slope", rf"(?:{_ASK} )?(?:ال)?ميل(?: المماس)?{_OF}{S}{M} عند(?: النقطه)? {P}"),
        ("integral", rf"(?:{_ASK} )?(?:ال)?تكامل(?: المحدد)? {_RANGE}{_OF}{S}{M}"),
        ("integral", rf"(?:(?:{_ASK} )?(?:ال)?تكامل(?: المحدد)?|كامل){_OF}{S}{M} {_RANGE}"),
        ("integral", rf"(?:{_ASK} )?(?:ال)?تكامل(?: المحدد)?{_OF}{S}{M}"),
        ("area", rf"(?:{_ASK} )?(?:ال)?مساحه تحت(?: (?:ال)?منحني)?{_OF}{S}{M} {_RANGE}"),
        (
            "plot",
            (
                rf"(?:ارسم|مثل بيانيا)(?: (?:الرسم البياني|رسم|بيان|منحني|المنحني|التمثيل البياني))?"
                rf"{_OF}{S}{M}(?: {_RANGE})?"
            ),
        ),
        (
            "percent",
            rf"(?:{_ASK} )?(?:تساوي )?(?P<a>[\d.,]+)\s*(?:%|٪|بالمئه|بالمائه|في المئه) من (?P<m>[\d.,]+)",
        ),
        (
            "compute",
            (
                rf"(?:{_ASK} (?:ناتج|قيمه|حاصل)|كم (?:يساوي|تساوي|ناتج)|احسب|بسط|اختصر)"
                rf"(?: (?:العباره|المقدار))?{S}{M}"
            ),
        ),
    ),
    courtesies=re.compile(
        r"^(?:مرحبا|السلام عليكم|من فضلك|لو سمحت|رجاء|هل يمكنك|اريد)[\s,!.]+|"
        r"[\s,]+(?:من فضلك|لو سمحت|رجاء|شكرا|خطوه بخطوه)$"
    ),
    fold=_fold,
    ordinals={"الاولي": "first", "الثانيه": "second", "الثالثه": "third"},
    conjunction=re.compile(r"\s+و\s*(?=[\w(+-])"),
)
