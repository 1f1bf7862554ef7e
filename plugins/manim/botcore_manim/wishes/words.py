"""What people call figures and colours, in the languages of the bot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_FIGURES: Mapping[str, str] = {
    "Circle": "circle circulo دائرة الدائرة वृत्त गोला सर्कल круг окружность",
    "Square": "square cuadrado quadrado مربع المربع वर्ग квадрат",
    "Triangle": "triangle triangulo مثلث المثلث त्रिभुज треугольник",
    "Rectangle": "rectangle rectangulo retangulo مستطيل المستطيل आयत прямоугольник",
    "Dot": "dot point punto ponto نقطة النقطة बिंदु точка точку",
    "Line": "line linea linha خط الخط रेखा линия линию",
    "Arrow": "arrow flecha seta سهم السهم तीर стрелка стрелку",
    "Star": "star estrella estrela نجمة النجمة तारा звезда звезду",
}
_COLOURS: Mapping[str, str] = {
    "RED": "red rojo roja vermelho vermelha أحمر حمراء लाल красный красная красным красной красную",
    "BLUE": "blue azul أزرق زرقاء नीला नीली синий синяя синим синей синюю",
    "GREEN": "green verde أخضر خضراء हरा हरी зеленый зеленая зеленым зеленой зеленую",
    "YELLOW": """yellow amarillo amarilla amarelo amarela أصفر صفراء पीला पीली
        желтый желтая желтым желтой желтую""",
    "ORANGE": """orange naranja laranja برتقالي برتقالية नारंगी
        оранжевый оранжевая оранжевым оранжевой оранжевую""",
    "PURPLE": "purple violet morado morada roxo roxa بنفسجي بنفسجية बैंगनी фиолетовый фиолетовая фиолетовым",
    "PINK": "pink rosa وردي وردية गुलाबी розовый розовая розовым розовой розовую",
    "WHITE": "white blanco blanca branco branca أبيض بيضاء सफेद белый белая белым белой белую",
}
_FILLERS = """please pls can could would you make paint colour color draw turn the a in into be
    haz hazlo pinta pon el la en de color por favor quiero que sea
    faca faça pinte deixe o a de cor por favor quero que seja
    اجعل لون لوّن باللون بلون من فضلك
    को करो कर दो करें बनाओ बनाइए बनाएं कृपया रंग का की में
    сделай сделайте покрась нарисуй пожалуйста цветом цвета"""
_ACCENTS = re.compile("[\u0300-\u036f\u0640\u064b-\u065f]")
_LONGEST = 80
"""Characters: whoever writes more wants more."""


def read_recolouring(wish: str) -> tuple[str, str] | None:
    """The class of the one figure and the one colour that ``wish`` names from its first word to its last;
    None where it says anything else."""
    if len(wish) > _LONGEST:
        return None
    figures: list[str] = []
    colours: list[str] = []
    for word in said(wish):
        if word in _FIGURE_OF:
            figures.append(_FIGURE_OF[word])
        elif word in _COLOUR_OF:
            colours.append(_COLOUR_OF[word])
        elif word not in _FILLER:
            return None
    return (figures[0], colours[0]) if len(figures) == len(colours) == 1 else None


def said(text: str) -> list[str]:
    """The words of a text, without case, accents and signs."""
    signs = (" " if unicodedata.category(sign)[0] in "PSC" else sign for sign in plain(text))
    return "".join(signs).split()


def plain(text: str) -> str:
    """Without case and accents."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def _known(table: Mapping[str, str]) -> dict[str, str]:
    return {plain(word): name for name, words in table.items() for word in words.split()}


_FIGURE_OF = _known(_FIGURES)
_COLOUR_OF = _known(_COLOURS)
_FILLER = frozenset(plain(word) for word in _FILLERS.split())
