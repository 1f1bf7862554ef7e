"""Tokens → tree. A hand-written descent: bounded depth, nothing evaluated, doubtful spellings refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from botcore_solver.reading.names import inverse
from botcore_solver.reading.syntax import (
    Binary,
    Call,
    Const,
    Group,
    Node,
    Num,
    Unary,
    Var,
    functions,
    variables,
)
from botcore_solver.reading.tokens import Token, is_constant, is_function, tokenize
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.wording import sentence

MAX_DEPTH = 24
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_END = Token("end", "")


def parse(text: str) -> Node:
    """Read a whole formula without an equals sign. Raises :class:`Unreadable`."""
    if not text.strip():
        raise Unreadable(sentence("There is no formula in it."))
    return _Parser(tokenize(text)).whole()


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._bars = 0

    # ------------------------------------------------------------------------------------------ the tokens

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _sign(self, *texts: str) -> bool:
        return self._next.kind == "op" and self._next.text in texts

    def _expect(self, text: str) -> None:
        if not self._sign(text):
            raise Unreadable(sentence("A bracket is not closed. Check the brackets, please."))
        self._take()

    def whole(self) -> Node:
        node = self._sum()
        left = self._next
        if left.kind != "end":
            raise Unreadable(
                sentence("I do not understand the formula from “{part}” on.").filled(part=left.text)
            )
        return node

    # --------------------------------------------------------------------------------------- sums, products

    def _sum(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable(sentence("Those brackets are nested too deeply for me."))
        node = self._product()
        while self._sign("+", "-"):
            op = self._take().text
            node = Binary(op, node, self._product())
        self._depth -= 1
        return node

    def _product(self) -> Node:
        node = self._signed()
        while True:
            if self._sign("*", "/"):
                op = self._take().text
                node = Binary(op, node, self._signed())
            elif self._starts_factor():
                node = self._juxtaposed(node)
            else:
                return node

    def _juxtaposed(self, left: Node) -> Node:
        token = self._next
        if token.kind == "num":
            raise Unreadable(
                sentence("“{part}” stands right behind something else. Put a sign between them.").filled(
                    part=token.text
                )
            )
        right = self._power()
        self._refuse_doubtful_quotient(left, right)
        self._refuse_function_like(left, right)
        return Binary("*", left, right, implicit=True)

    @staticmethod
    def _refuse_doubtful_quotient(left: Node, right: Node) -> None:
        """``1/2x`` is one half of x to everybody; ``x/2y`` and ``6/2(1+2)`` are read in two ways."""
        if not (isinstance(left, Binary) and left.op == "/"):
            return
        plain = isinstance(left.left, (Num, Unary)) and isinstance(left.right, Num)
        if not plain or not (variables(right) or functions(right) or isinstance(right, Const)):
            raise Unreadable(
                sentence(
                    "A product without a sign right behind a fraction can be read in two ways. Write "
                    "brackets: (a/b)*c or a/(b*c)."
                )
            )

    @staticmethod
    def _refuse_function_like(left: Node, right: Node) -> None:
        """``f(x)`` is no product."""
        if isinstance(left, Binary) and left.op == "*" and left.implicit:
            left = left.right
        if isinstance(left, Var) and left.name in {"f", "g", "h"} and isinstance(right, Group):
            raise Unreadable(
                sentence("I do not know what the function {name} is there.").filled(name=left.name)
            )

    def _starts_factor(self) -> bool:
        token = self._next
        if token.kind in ("num", "name"):
            return True
        return token.kind == "op" and (token.text in _CLOSING or (token.text == "|" and self._bars == 0))

    def _signed(self) -> Node:
        if self._sign("-"):
            self._take()
            return Unary("-", self._guarded(self._signed))
        if self._sign("+"):
            self._take()
            return self._guarded(self._signed)
        return self._power()

    def _guarded(self, rule: Callable[[], Node]) -> Node:
        """A rule that calls itself, within the depth limit."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Unreadable(sentence("That formula is nested too deeply for me."))
        node = rule()
        self._depth -= 1
        return node

    # ---------------------------------------------------------------------------------- powers and postfixes

    def _power(self) -> Node:
        base = self._postfix()
        if not self._sign("^"):
            return base
        self._take()
        exponent = self._guarded(self._exponent)
        self._refuse_doubtful_exponent(base, exponent)
        return Binary("^", base, exponent)

    def _exponent(self) -> Node:
        if self._sign("-", "+"):
            sign = self._take().text
            node = self._guarded(self._exponent)
            return Unary("-", node) if sign == "-" else node
        return self._power()

    def _refuse_doubtful_exponent(self, base: Node, exponent: Node) -> None:
        """``e^2x`` may mean e^(2x), and ``x^1/2`` may mean a root."""
        follows = self._next
        number_base = isinstance(base, (Num, Const))
        size = exponent.operand if isinstance(exponent, Unary) else exponent
        plain = isinstance(size, (Num, Var))
        letter = follows.kind == "name" and not is_function(follows.text)
        if number_base and plain and letter and not follows.spaced:
            raise Unreadable(
                sentence(
                    "The exponent can be read in two ways. Write brackets, for example e^(2x) or (e^2)x."
                )
            )
        one = isinstance(size, Num) and size.value == 1
        negative = isinstance(exponent, Unary) and exponent.op == "-"
        if (
            (one or negative)
            and self._sign("/")
            and not follows.spaced
            and self._tokens[self._at + 1].kind == "num"
        ):
            raise Unreadable(
                sentence("The exponent can be read in two ways. Write brackets, for example x^(1/2).")
            )

    def _postfix(self) -> Node:
        node = self._primary()
        while self._sign("!", "%", "°"):
            op = self._take().text
            if op == "%" and self._starts_factor():
                raise Unreadable(sentence("I cannot read the % sign there. Write “15% of 80”, for example."))
            node = Unary("deg" if op == "°" else op, node)
        return node

    # -------------------------------------------------------------------------------------------- primaries

    def _primary(self) -> Node:
        token = self._take()
        if token.kind == "num":
            return self._mixed(token) or _num(token)
        if token.kind == "name":
            return self._named(token)
        if token.kind == "op" and token.text in _CLOSING:
            bars, self._bars = self._bars, 0
            inner = self._sum()
            self._expect(_CLOSING[token.text])
            self._bars = bars
            return Group(inner)
        if token.kind == "op" and token.text == "|":
            self._bars += 1
            inner = self._sum()
            self._expect("|")
            self._bars -= 1
            return Call("abs", inner)
        if token.kind == "end":
            raise Unreadable(sentence("The formula stops in the middle."))
        raise Unreadable(sentence("I do not understand “{part}” there.").filled(part=token.text))

    def _mixed(self, whole: Token) -> Node | None:
        """``1 1/2`` as one number, when it stands there."""
        above, stroke, below = (self._tokens[self._at : self._at + 3] + [_END] * 3)[:3]
        numbers = (whole.value, above.value, below.value)
        if stroke.text != "/" or not above.spaced or stroke.spaced or below.spaced:
            return None
        if any(number is None or number.denominator != 1 for number in numbers):
            return None
        if not 0 < _num(above).value < _num(below).value:
            return None
        self._at += 3
        return Binary("+", _num(whole), Binary("/", _num(above), _num(below)), mixed=True)

    def _named(self, token: Token) -> Node:
        if is_function(token.text):
            return self._call(token.text)
        if self._sign("_"):
            raise Unreadable(
                sentence("I cannot read names with an index yet. Use plain letters such as x and y.")
            )
        if is_constant(token.text):
            return Const(token.text)
        if token.text in ("i", "I", "o", "O"):
            raise Unreadable(
                sentence("I cannot tell what “{part}” means there. Use another letter.").filled(
                    part=token.text
                )
            )
        return Var(token.text)

    def _call(self, name: str) -> Node:
        base: Node | None = None
        if name == "rootof":
            base = self._bracketed_degree()
        if name == "log":
            base = self._log_base()
        power: Node | None = None
        if self._sign("^"):
            self._take()
            power = self._exponent_of_function()
        if isinstance(power, Unary) and power.op == "-":
            name, power = self._inverse(name, power), None
        argument = self._argument(name)
        call = Call(name, argument, base)
        return call if power is None else Binary("^", call, power)

    def _bracketed_degree(self) -> Node:
        self._expect("[")
        degree = self._sum()
        self._expect("]")
        return degree

    def _log_base(self) -> Node | None:
        """The base of ``log_2``, ``log_{2}`` and ``log2``; None for the common logarithm."""
        if self._sign("_"):
            self._take()
            return _bare(self._postfix())
        number = self._next
        if number.kind == "num" and not number.spaced:
            follows = self._tokens[self._at + 1]
            if follows.kind == "end" or (follows.kind == "op" and follows.text != "("):
                raise Unreadable(
                    sentence("Write the argument of log in brackets, for example log(2) or log_2(8).")
                )
            if follows.kind == "name" and not follows.spaced:
                raise Unreadable(sentence("Write log_2(x) or log(2x), so that the base is clear."))
            return _num(self._take())
        return None

    def _exponent_of_function(self) -> Node:
        if self._sign("-"):
            self._take()
            return Unary("-", self._postfix())
        return _bare(self._postfix())

    @staticmethod
    def _inverse(name: str, power: Unary) -> str:
        other = inverse(name)
        if other is None or not (isinstance(power.operand, Num) and power.operand.value == 1):
            raise Unreadable(
                sentence(
                    "I cannot read that power of {name}. Write brackets around {name} and its argument."
                ).filled(name=name)
            )
        return other

    def _argument(self, name: str) -> Node:
        if self._sign("(", "[", "{"):
            bracket = self._postfix()
            # sin(x)^2 is the square of the sine; `_power` above this call takes the exponent.
            return _bare(bracket)
        if name in ("sqrt", "cbrt", "rootof", "abs"):
            return self._root_argument(name)
        node: Node = self._signed() if self._sign("-") else self._power()
        while self._starts_factor() and not (self._next.kind == "name" and is_function(self._next.text)):
            if self._next.kind == "num" or self._sign("("):
                raise Unreadable(
                    sentence(
                        "Write brackets around the argument of {name}, so that it is clear where it ends."
                    ).filled(name=name)
                )
            node = Binary("*", node, self._power(), implicit=True)
        if self._sign("/"):
            raise Unreadable(
                sentence("Write brackets, so that it is clear whether the “/” belongs to {name}.").filled(
                    name=name
                )
            )
        return node

    def _root_argument(self, name: str) -> Node:
        node = self._postfix()
        if self._sign("^") or (self._starts_factor() and not self._next.spaced):
            raise Unreadable(
                sentence("Write brackets around everything below the root, for example sqrt(2x).")
            )
        if name == "abs":
            raise Unreadable(sentence("Write the argument of abs in brackets."))
        return node


def _num(token: Token) -> Num:
    return Num(token.text, token.value if token.value is not None else Fraction(0))


def _bare(node: Node) -> Node:
    return node.inner if isinstance(node, Group) else node
