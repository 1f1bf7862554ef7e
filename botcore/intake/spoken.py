"""Commands in plain words: who writes “hello”, “cancel” or “thanks” need not know how a command is spelt."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from botcore.intake.routing import CommandCall

_SAID: Mapping[str, tuple[str, ...]] = {
    "start": (
        "hello", "hi", "hey", "hello there", "good morning", "start",
        "hola", "buenos días", "buenas", "olá", "oi", "bom dia", "привет", "здравствуйте", "добрый день",
        "नमस्ते", "हैलो", "مرحبا", "السلام عليكم", "أهلا",
    ),
    "help": (
        "help", "what can you do", "ayuda", "ajuda", "qué puedes hacer", "помощь", "что ты умеешь",
        "मदद", "सहायता", "مساعدة",
    ),
    "cancel": (
        "cancel", "cancel it", "stop", "cancela", "cancelar", "para", "parar", "отмена", "отмени", "стоп",
        "रद्द करो", "रद्द करें", "रुको", "إلغاء", "توقف",
    ),
    "thanks": (
        "thanks", "thank you", "thank you very much", "thx", "ok", "okay", "ok thanks", "great", "perfect",
        "gracias", "muchas gracias", "vale", "perfecto", "obrigado", "obrigada", "muito obrigado", "valeu",
        "спасибо", "большое спасибо", "धन्यवाद", "शुक्रिया", "شكرا", "شكراً", "شكرا جزيلا", "شكراً لك",
    ),
}  # fmt: skip  # a table
_THUMBS = frozenset("👍🙏❤👏💯🎉😊😀🙂😍🥰🤩👌✅🔥")
"""What people send instead of thanks."""
_LONGEST = 40
"""Characters: whoever writes more says more."""


def spoken_command(text: str) -> CommandCall | None:
    """The command that all of ``text`` means, whatever its case, accents, signs and emoji; else None."""
    return None if len(text) > _LONGEST else _COMMANDS.get(_plain(text)) or _applause(text)


def _applause(text: str) -> CommandCall | None:
    """Thanks, where a text is made of nothing but such signs, of whatever colour of skin."""
    signs = {sign for sign in text if unicodedata.category(sign) not in {"Sk", "Mn", "Cf", "Zs"}}
    return CommandCall("thanks", "") if signs and signs <= _THUMBS else None


def _plain(text: str) -> str:
    """Letters and single blanks alone; the signs that Hindi writes its vowels with stay."""
    kept = (sign for sign in unicodedata.normalize("NFKD", text.casefold()))
    letters = (
        sign if unicodedata.category(sign) in {"Lu", "Ll", "Lo", "Lm", "Mc", "Mn"} else " "
        for sign in kept
        if not "\u0300" <= sign <= "\u036f"
    )
    return " ".join("".join(letters).split())


_COMMANDS = {_plain(said): CommandCall(name, "") for name, all_said in _SAID.items() for said in all_said}
