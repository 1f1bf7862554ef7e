"""Wishes that need nobody who writes: “vertical”, “in high quality, please”, in every language of the bot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from botcore.model import Aspect, Quality, RenderOptions

_LONGEST = 120
"""Characters: whoever writes more wants something else."""

_QUALITIES: Mapping[Quality, str] = {
    Quality.HIGH: """high higher highest better best hd sharper
        alta alto altas mejor maxima  عالية عاليه عالي أعلى افضل أفضل
        उच्च हाई ऊँची ऊंची बेहतर बढ़िया एचडी  melhor
        высокое высоком высокого высокая лучше лучшее лучшем максимальное максимальном""",
    Quality.MEDIUM: """medium middle normal standard
        media medio intermedia estandar  متوسطة متوسطه متوسط عادية
        मध्यम मीडियम सामान्य  media medio padrao
        среднее среднем средняя среднего обычное обычном нормальное""",
    Quality.LOW: """low lower lowest
        baja bajo menor minima  منخفضة منخفضه منخفض أقل
        निम्न कम  baixa baixo
        низкое низком низкого низкая хуже""",
}
_ASPECTS: Mapping[Aspect, str] = {
    Aspect.TALL: """vertical vertically portrait upright 9:16
        verticalmente retrato  عمودي عموديا عمودية رأسي رأسية رأسيا طولي
        वर्टिकल ऊर्ध्वाधर लंबवत खड़ा खड़ी पोर्ट्रेट
        вертикально вертикальное вертикальный вертикальном вертикальная портрет портретное""",
    Aspect.WIDE: """horizontal horizontally landscape wide widescreen 16:9
        horizontalmente apaisado panoramico  أفقي أفقيا أفقية عرضي
        हॉरिजॉन्टल हॉरिज़ॉन्टल क्षैतिज आड़ा आड़ी लैंडस्केप  paisagem
        горизонтально горизонтальное горизонтальный горизонтальном горизонтальная широкое""",
    Aspect.SQUARE: """square 1:1
        cuadrado cuadrada  مربع مربعة مربعا
        वर्गाकार स्क्वायर चौकोर  quadrado quadrada
        квадрат квадратное квадратный квадратном квадратная квадратом""",
}
_FILLERS = """please pls plz can could would you i i'd id like want it this that the a an one in with at
        to of for make made do draw render send give me again now and but same video videos
        quality resolution format shape version picture mode aspect ratio more instead once thanks
        thank hi hello ok okay
        por favor en la el lo una un con a de y pero quiero puedes podrias hazlo haz hacerlo ponlo
        dame video calidad resolucion formato otra vez nuevo mas gracias forma version
        من فضلك رجاء لو سمحت أريد اريد اجعله اجعلها اجعل الفيديو فيديو الجودة جودة بجودة بشكل شكل
        بصيغة في و مرة أخرى اخرى هذا نفس شكرا بدقة دقة وضع
        कृपया प्लीज़ प्लीज में मे को से का की के यह ये इसे वीडियो विडियो गुणवत्ता क्वालिटी बनाओ
        बनाइए बनाएँ बनाएं करो करें कीजिए दो दें चाहिए मुझे फिर दोबारा और आकार फ़ॉर्मेट धन्यवाद
        em o os um uma com e mas quero pode poderia faca faça fazer deixe me qualidade resolucao
        de novo outra versao obrigado obrigada favor
        пожалуйста можно в с и но сделай сделайте хочу мне это его видео качество качестве
        качества качеством формат формате еще раз снова же спасибо дай дайте пришли вид виде по"""

_RATIO = re.compile(r"(\d+)\s?[:x×/]\s?(\d+)")
_SAID = re.compile(r"\d+:\d+|[^\s\d]+|\d+")
_ACCENTS = re.compile("[\u0300-\u036f\u0640\u064b-\u065f\ufe0e\ufe0f]")
"""Latin accents, Arabic vowel signs and the choice between emoji and sign: many people leave them away."""
_SILENT = frozenset({"So", "Sk", "Cf", "Po", "Pd", "Ps", "Pe", "Pi", "Pf", "Me"})
"""Categories of signs that say nothing: punctuation, emoji and what belongs to them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants of the picture; None where it shall stay as it is."""

    quality: Quality | None = None
    aspect: Aspect | None = None

    def of(self, options: RenderOptions) -> RenderOptions:
        """``options`` with the wish fulfilled."""
        return replace(options, quality=self.quality or options.quality, aspect=self.aspect or options.aspect)


def read_wish(text: str) -> Wish | None:
    """The wish that ``text`` is from its first word to its last; None where it says anything else.

    Two qualities or two shapes in one text are not a wish that could be fulfilled.
    """
    if len(text) > _LONGEST:
        return None
    qualities: set[Quality] = set()
    aspects: set[Aspect] = set()
    for word in _words(text):
        if word in _QUALITY_OF:
            qualities.add(_QUALITY_OF[word])
        elif word in _ASPECT_OF:
            aspects.add(_ASPECT_OF[word])
        elif word not in _FILLER:
            return None
    if len(qualities) > 1 or len(aspects) > 1 or not qualities | aspects:
        return None
    return Wish(next(iter(qualities), None), next(iter(aspects), None))


def _words(text: str) -> list[str]:
    said = _SAID.findall(_RATIO.sub(r" \1:\2 ", _plain(text)))
    words = (word if word[0].isdecimal() else word.strip(_silent_of(word)) for word in said)
    return [word for word in words if word]


def _silent_of(word: str) -> str:
    return "".join(sign for sign in word if unicodedata.category(sign) in _SILENT)


def _plain(text: str) -> str:
    """Without case and accents, so that “calidad máxima” and “CALIDAD MAXIMA” are the same."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def _known(words: str) -> frozenset[str]:
    return frozenset(_plain(word) for word in words.split())


_QUALITY_OF = {word: quality for quality, words in _QUALITIES.items() for word in _known(words)}
_ASPECT_OF = {word: aspect for aspect, words in _ASPECTS.items() for word in _known(words)}
_FILLER = _known(_FILLERS)
