"""A message → the one sentence that states the problem: courtesies off, certain typos mended."""

from __future__ import annotations

import re
from dataclasses import dataclass

from botcore_solver.reading.names import split_run
from botcore_solver.reading.normalise import normalise
from botcore_solver.reading.peel import words
from botcore_solver.reading.phrasebook import in_english

_GREETING = (
    r"(?:hi|hello|hey|hiya|dear|good (?:morning|evening|afternoon|day))(?: there| bot| sir| "
    r"teacher| everyone| all)?"
)
_REQUEST = (
    r"(?:please|pls|plz|kindly|now|so|then|ok|okay|well|just|also|quickly|"
    r"(?:can|could|would|will) you(?: please| kindly| maybe)?|(?:can|could|may) (?:i|we)|"
    r"how (?:do|can|would|should) (?:i|we|you)|how to|"
    r"(?:please )?help(?: me)?(?: to| with)?|i (?:need|want|have|would like|'d like)(?: "
    r"you)?(?: help)? to|i'd like(?: you)? to|"
    r"i (?:need|want) help with|let's|let us|tell me(?: how to)?|show me how to|"
    r"explain(?: to me)? how to|teach me(?: how)? to|"
    r"(?:try|want|need) to|(?:know|see|learn)(?: how to)?|make (?:me )?a video (?:about|"
    r"of|on|showing) how to|my (?:homework|problem|question|task)(?: is)?(?: to)?|"
    r"(?:question|problem|exercise|task|homework|q|ex)(?: (?:no\.? "
    r")?\d{1,3}[a-z]?)?(?=\s*[:.)])|\(?\d{1,2}[.)](?= [a-z])|\(?[a-d]\)(?= ))"
)
_OPENING = re.compile(rf"^(?:{_GREETING}|{_REQUEST})(?![\w^=*/+'(])\s*[,.!:;-]*\s*", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?:(?<=[A-Za-z]{2})!)?[\s,.;-]*(?<![\w^])(?:(?:and )?(?:please|pls|plz|thanks?(?: "
    r"you)?(?: (?:very|so) much| a lot| in advance)?|thx|cheers|for me|"
    r"step[ -]by[ -]step|(?:and )?(?:with|show|showing|explain|explaining|give|include|"
    r"including)(?: me)?(?: us)?(?: all)?(?: of)?(?: the| your| my| its)? "
    r"(?:steps?|work|working|workings|solution|explanation|details)|in (?:detail|steps)|"
    r"and explain(?: (?:it|why|how))?|"
    r"(?:as|with) an? (?:animation|video)|exactly|if possible|if you can|right now|asap))[\s.!?]*$",
    re.IGNORECASE,
)
# An exclamation mark behind a word is joy; behind a number it may be a factorial, and stays.
_END = re.compile(r"(?<=[A-Za-z]{2})[!\s]+$|[\s.?;,:]+$|\s*=\s*(?:[?\s]+|_{2,}|\.{2,})[\s.]*$")

_VOCABULARY = words(
    "solve equation equations derivative differentiate integral integrate integrated definite "
    "quadratic linear system simultaneous calculate compute evaluate determine simplify "
    "function graph sketch roots between curve under percent solution solutions slope tangent "
    "gradient respect parabola value values antiderivative factor interval plot"
)
_KNOWN = _VOCABULARY | words(
    "please find what which where when given with from that such there their these those "
    "zeros equal equals area line following second first third point real minus times divided "
    "root order formula graphs derivate derive steps solved plots curves slopes linear "
    "graphing sketching plotting functions integrals derivatives lines factors tangents "
    "roots' infinity solving differentiated evaluating computed calculated integrating "
    "differentiating factorise factorize systems squared points grade grades sole salve valve "
    "valves"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text`` has line ends only where the person set them inside the problem."""

    text: str

    @property
    def line(self) -> str:
        """The text on one line."""
        return self.text.replace("\n", " ")


def read_sentence(text: str) -> Sentence:
    """Raises :class:`~botcore_solver.reading.unreadable.Unreadable`."""
    plain = _bare(normalise(in_english(text)))
    plain = re.sub(r"[A-Za-z]{5,}", _mend, plain)
    plain = _bare(plain)
    return Sentence(_lower_first(plain))


_ASKED = re.compile(r"(?<=[\w).])[\s,;.]+([A-Za-z])\s*=\s*(?:[?\s]*|_{2,}|\.{2,})$")


def _bare(text: str) -> str:
    """Without greetings before it and thanks behind it."""
    # "…, x = ?" asks for x; without its question it would be a factor of what stands before it.
    text = _ASKED.sub(r", \1", text.strip())
    for _ in range(8):
        shorter = _END.sub("", _CLOSING.sub("", _OPENING.sub("", text.strip())))
        if shorter == text:
            break
        text = shorter
    return text


def _lower_first(text: str) -> str:
    """A phone writes a capital at the start: ``X^2 - 5x`` is about one unknown."""
    first = text[:1]
    if (
        first.isupper()
        and first.lower() in re.findall(r"(?<![A-Za-z])[a-z](?![A-Za-z])", text[1:])
        and first not in text[1:]
    ):
        return first.lower() + text[1:]
    return text


def _mend(found: re.Match[str]) -> str:
    """The one word of the vocabulary that is a single slip away; otherwise the word as it is."""
    word = found.group()
    lower = word.lower()
    if lower in _KNOWN or split_run(word) is not None:
        return word
    near = [
        known
        for known in _VOCABULARY
        if _one_slip(lower, known) or (len(known) >= 9 and _two_slips(lower, known))
    ]
    return near[0] if len(near) == 1 else word


def _one_slip(word: str, known: str) -> bool:
    """Whether one letter was added, dropped, changed, or swapped with its neighbour."""
    if word == known or abs(len(word) - len(known)) > 1:
        return False
    at = next(
        (i for i, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), min(len(word), len(known))
    )
    rest_word, rest_known = word[at:], known[at:]
    return (
        rest_word[1:] == rest_known[1:]
        or rest_word[1:] == rest_known
        or rest_word == rest_known[1:]
        or (rest_word[:2] == rest_known[:2][::-1] and rest_word[2:] == rest_known[2:])
    )


def _two_slips(word: str, known: str) -> bool:
    return any(
        _one_slip(word[:cut] + patch + word[cut + drop :], known)
        for cut in range(len(word) + 1)
        for drop, patch in ((1, ""), *(((0, known[cut]), (1, known[cut])) if cut < len(known) else ()))
    )
