"""Spanish, without its accents."""

from __future__ import annotations

import re

from botcore_solver.reading.phrasebook.phrase import INSIDE, A, B, Book, M, P, S, V, alone, without_accents

_SOLVE = r"(?:resuelve|resolver|resuelva|resuelveme|resolve|soluciona|solucionar|solucione)"
_ASK = (
    r"(?:halla|hallar|halle|encuentra|encontrar|encuentre|calcula|calcular|calcule|calculame|determina|"
    r"determinar|determine|obten|obtener|dame|dime|cual es|cuanto es|cuanto vale)"
)
_THIS = r"(?: (?:la|el|esta|este|una|un))?(?: siguiente)?"
_FUNCTION = r"(?: la)?(?: siguiente)?(?: (?:funcion|expresion|curva|grafica))?"
_RANGE = rf"(?:(?:de|desde|entre) {A} (?:a|hasta|y) {B}|(?:en|sobre)(?: el)?(?: intervalo)? {INSIDE})"

BOOK = Book(
    phrases=(
        ("system", rf"{_SOLVE}{_THIS} sistema(?: de(?: dos)? ecuaciones)?(?: lineales)?{S}{M}"),
        (
            "solve",
            (
                rf"{_SOLVE}{_THIS}(?: ecuacion(?:es)?)?"
                rf"(?: (?:lineal|cuadratica|de (?:primer|segundo) grado))?"
                rf"(?: para {V})?{S}{M}"
            ),
        ),
        ("solve", rf"(?:{_ASK}|despeja)(?: el valor de)? {V}(?:,? (?:si|en|de)|\s*[:,])\s+{M}"),
        ("roots", rf"{_ASK}(?: las| los)? (?:raices|ceros|soluciones) de(?: la)?{_FUNCTION}{S}{M}"),
        (
            "derivative",
            (
                rf"(?:{_ASK} )?(?:la )?(?:(?P<n>primera|segunda|tercera) )?derivada de{_FUNCTION}{S}{M}"
                rf"(?:,? (?:con )?respecto (?:a|de) {V})?(?:,? (?:en|cuando|para) {P})?"
            ),
        ),
        ("derivative", rf"(?:deriva|derivar|derive|diferencia|diferenciar){_FUNCTION}{S}{M}"),
        ("slope", rf"(?:{_ASK} )?(?:la )?pendiente de{_FUNCTION}{S}{M} (?:en|cuando|para) {P}"),
        ("integral", rf"(?:{_ASK} )?(?:la )?integral(?: definida)? de {A} a {B} de{_FUNCTION}{S}{M}"),
        ("integral", rf"(?:{_ASK} )?(?:la )?integral(?: definida)? de{_FUNCTION}{S}{M} {_RANGE}"),
        ("integral", rf"(?:integra|integrar|integre){_FUNCTION}{S}{M} {_RANGE}"),
        ("integral", rf"(?:{_ASK} )?(?:la )?integral(?: definida)? de{_FUNCTION}{S}{M}"),
        ("area", rf"(?:{_ASK} )?(?:el )?area (?:bajo|debajo de)(?: la curva)?(?: de)?{S}{M} {_RANGE}"),
        (
            "plot",
            (
                rf"(?:dibuja|dibujar|dibuje|grafica|graficar|grafique|traza|trazar|representa|muestra)"
                rf"(?: la)?(?: (?:grafica|funcion|curva))?(?: de)?{_FUNCTION}{S}{M}(?: {_RANGE})?"
            ),
        ),
        ("plot", rf"(?:la )?grafica de{_FUNCTION}{S}{M}(?: {_RANGE})?"),
        ("percent", rf"(?:{_ASK} )?(?:el )?(?P<a>[\d.,]+)\s*(?:%|por ciento) de (?P<m>[\d.,]+)"),
        (
            "compute",
            rf"(?:{_ASK}|simplifica|simplificar|simplifique|evalua|suma|reduce)(?: el valor de)?{S}{M}",
        ),
    ),
    courtesies=re.compile(
        r"^(?:hola|buenas|por favor|porfa|puedes|podrias|ayudame a|quiero|necesito)[\s,!.]+|"
        r"[\s,]+(?:por favor|porfa|gracias|paso a paso)$",
        re.IGNORECASE,
    ),
    fold=without_accents,
    ordinals={"primera": "first", "segunda": "second", "tercera": "third"},
    doubtful=alone("[ye]"),
)
