"""Hindi, without the dots that people leave out, and with one sign for both kinds of nasal vowels."""

from __future__ import annotations

import re

from botcore_solver.reading.phrasebook.phrase import A, B, Book, M, P, S

_DO = r"(?:करें|करो|कीजिए|करिए|करे|करना है|कर दो|करके बताओ)"
_TELL = (
    rf"(?:(?:ज्ञात|पता) {_DO}|निकालें|निकालो|निकालिए|बताएं|बताओ|बताइए|क्या है|क्या होगा|कितना है|कितना होता है|दें|दो)"
)
_OF = r"(?:फलन )?"
_SIGNS = str.maketrans({"\u093c": "", "ँ": "ं"})

_DERIVATIVE = r"(?:अवकलज|अवकलन|डेरिवेटिव)"
_INTEGRAL = r"(?:निश्चित )?(?:समाकलन|समाकल|इंटीग्रल)"


def _fold(text: str) -> str:
    for whole, bare in (("\u0958", "क"), ("\u095e", "फ"), ("\u095c", "ड"), ("\u095b", "ज")):
        text = text.replace(whole, bare)
    return text.translate(_SIGNS)


BOOK = Book(
    phrases=(
        ("system", rf"(?:इस )?समीकरण (?:निकाय|युग्म|प्रणाली){S}{M}(?: को)? हल {_DO}"),
        ("system", rf"समीकरण (?:निकाय|युग्म|प्रणाली)(?: को)? हल {_DO}{S}{M}"),
        ("solve", rf"(?:(?:इस )?(?:द्विघात |रैखिक )?समीकरण(?: को)?{S})?{M}(?: को| का)? हल (?:{_DO}|{_TELL})"),
        ("solve", rf"(?:(?:इस )?समीकरण(?: को)? )?हल {_DO}{S}{M}"),
        ("roots", rf"(?:समीकरण )?{M} के (?:मूल|शून्यक|हल) {_TELL}"),
        ("derivative", rf"{P} पर {_OF}{M} का {_DERIVATIVE}(?: {_TELL})?"),
        (
            "derivative",
            rf"{_OF}{M} का (?:(?P<n>प्रथम|पहला|द्वितीय|दूसरा|तृतीय|तीसरा) )?{_DERIVATIVE}(?: {_TELL}| {_DO})?",
        ),
        ("slope", rf"{P} पर {_OF}{M} की (?:ढाल|प्रवणता)(?: {_TELL})?"),
        ("integral", rf"{_OF}{M} का {A} से {B} तक {_INTEGRAL}(?: {_TELL}| {_DO})?"),
        ("integral", rf"{A} से {B} तक {_OF}{M} का {_INTEGRAL}(?: {_TELL}| {_DO})?"),
        ("integral", rf"{_OF}{M} का {_INTEGRAL}(?: {_TELL}| {_DO})?"),
        ("area", rf"{M} के नीचे {A} से {B} तक(?: का)? क्षेत्रफल(?: {_TELL})?"),
        ("area", rf"{A} से {B} तक {M} के नीचे का क्षेत्रफल(?: {_TELL})?"),
        (
            "plot",
            (
                rf"(?:{A} से {B} तक )?{_OF}{M} का (?:ग्राफ|आलेख)"
                r"(?: (?:बनाएं|बनाओ|बनाइए|बनाये|खींचें|खींचो|खींचिए|दिखाएं|दिखाओ))?"
            ),
        ),
        ("percent", rf"(?P<m>[\d.,]+) का (?P<a>[\d.,]+)\s*(?:%|प्रतिशत)(?: {_TELL})?"),
        ("compute", rf"{M} (?:का मान )?{_TELL}"),
        ("compute", rf"{M} (?:की गणना|को सरल|सरल) {_DO}"),
        ("compute", rf"(?:गणना {_DO}|सरल {_DO}|मान {_TELL}|कितना होता है){S}{M}"),
    ),
    courtesies=re.compile(r"^(?:नमस्ते|हैलो|कृपया|क्या आप|मुझे)[\s,!.]+|[\s,]+(?:कृपया|धन्यवाद|चरण दर चरण)$"),
    fold=_fold,
    ordinals={
        "प्रथम": "first",
        "पहला": "first",
        "द्वितीय": "second",
        "दूसरा": "second",
        "तृतीय": "third",
        "तीसरा": "third",
    },
    conjunction=re.compile(r"\s+(?:और|तथा|एवं)\s+"),
)
