"""Portuguese, without its accents."""

from __future__ import annotations

import re

from botcore_solver.reading.phrasebook.phrase import INSIDE, A, B, Book, M, P, S, V, alone, without_accents

_SOLVE = r"(?:resolva|resolver|resolve|solucione|solucionar)"
_ASK = (
    r"(?:ache|achar|encontre|encontrar|calcule|calcular|calcula|determine|determinar|obtenha|qual e|quanto e|"
    r"quanto vale|quanto da|me de)"
)
_THIS = r"(?: (?:a|o|esta|este|essa|esse|uma|um))?(?: seguinte)?"
_FUNCTION = r"(?: a)?(?: seguinte)?(?: (?:funcao|expressao|curva))?"
_OF = r"d(?:e|a|o)"
_RANGE = rf"(?:(?:de|desde|entre) {A} (?:a|ate|e) {B}|(?:em|no|sobre)(?: o)?(?: intervalo)? {INSIDE})"

BOOK = Book(
    phrases=(
        ("system", rf"{_SOLVE}{_THIS} sistema(?: de(?: duas)? equacoes)?(?: lineares)?{S}{M}"),
        (
            "solve",
            (
                rf"{_SOLVE}{_THIS}(?: equac(?:ao|oes))?"
                r"(?: (?:linear|quadratica|d[eo] (?:primeiro|segundo) grau))?"
                rf"(?: para {V})?{S}{M}"
            ),
        ),
        ("solve", rf"(?:{_ASK}|isole)(?: o valor de)? {V}(?:,? (?:se|em)|\s*[:,])\s+{M}"),
        ("roots", rf"{_ASK}(?: as| os)? (?:raizes|zeros|solucoes) {_OF}{_FUNCTION}(?: equacao)?{S}{M}"),
        (
            "derivative",
            (
                rf"(?:{_ASK} )?(?:a )?(?:(?P<n>primeira|segunda|terceira) )?derivada {_OF}{_FUNCTION}{S}{M}"
                rf"(?:,? (?:em relacao a|com respeito a) {V})?(?:,? (?:em|quando|para) {P})?"
            ),
        ),
        ("derivative", rf"(?:derive|derivar|deriva|diferencie|diferenciar){_FUNCTION}{S}{M}"),
        ("slope", rf"(?:{_ASK} )?(?:a )?inclinacao {_OF}{_FUNCTION}{S}{M} (?:em|quando|para) {P}"),
        ("integral", rf"(?:{_ASK} )?(?:a )?integral(?: definida)? de {A} a {B} {_OF}{_FUNCTION}{S}{M}"),
        ("integral", rf"(?:{_ASK} )?(?:a )?integral(?: definida)? {_OF}{_FUNCTION}{S}{M} {_RANGE}"),
        ("integral", rf"(?:integre|integrar|integra){_FUNCTION}{S}{M} {_RANGE}"),
        ("integral", rf"(?:{_ASK} )?(?:a )?integral(?: definida)? {_OF}{_FUNCTION}{S}{M}"),
        ("area", rf"(?:{_ASK} )?(?:a )?area (?:sob|abaixo de)(?: a curva)?(?: d[ea])?{S}{M} {_RANGE}"),
        (
            "plot",
            (
                r"(?:desenhe|desenhar|desenha|trace|tracar|esboce|esbocar|plote|plotar|mostre|faca)"
                rf"(?: o)?(?: grafico)?(?: d[ea])?{_FUNCTION}{S}{M}(?: {_RANGE})?"
            ),
        ),
        ("plot", rf"(?:o )?grafico d[ea]{_FUNCTION}{S}{M}(?: {_RANGE})?"),
        ("percent", rf"(?:{_ASK} )?(?P<a>[\d.,]+)\s*(?:%|por cento) de (?P<m>[\d.,]+)"),
        ("compute", rf"(?:{_ASK}|simplifique|simplificar|simplifica|avalie|some)(?: o valor de)?{S}{M}"),
    ),
    courtesies=re.compile(
        r"^(?:ola|oi|por favor|voce pode|pode|me ajude a|quero|preciso)[\s,!.]+|"
        r"[\s,]+(?:por favor|obrigad[oa]|passo a passo)$",
        re.IGNORECASE,
    ),
    fold=without_accents,
    ordinals={"primeira": "first", "segunda": "second", "terceira": "third"},
    doubtful=alone("[ye]"),
)
