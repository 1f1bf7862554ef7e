"""Arithmetic line by line, in the order of operations: the tree shrinks, and each line shows what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from botcore_solver.explain.written import written
from botcore_solver.reading.syntax import Binary, Call, Group, Node, Num, Unary, walk
from botcore_solver.wording import sentence

WORDS = {
    "mixed": sentence("Write mixed numbers as fractions."),
    "percent": sentence("Percent means per hundred."),
    "bracket_power": sentence("Inside brackets: powers and roots."),
    "bracket_product": sentence("Inside brackets: multiply and divide."),
    "bracket_sum": sentence("Work out the brackets."),
    "power": sentence("Powers and roots come first."),
    "product": sentence("Multiply and divide before adding."),
    "product_only": sentence("Multiply and divide from left to right."),
    "common": sentence("Write the fractions with a common denominator."),
    "sum": sentence("Add and subtract from left to right."),
    "reduce": sentence("Reduce the fraction to its lowest terms."),
}
_MAX_LINES = 9
_MAX_EXPONENT = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One line: LaTeX of what is left, and why."""

    tex: str
    why: str


class Reckoning:
    """Reduces a tree without variables. Irrational parts stay as they are."""

    def __init__(self, node: Node) -> None:
        self._node = node
        numbers = [part for part in walk(node) if isinstance(part, Num)]
        quotients = any(isinstance(part, Binary) and part.op == "/" for part in walk(node))
        self._decimal = any("." in number.text for number in numbers) and not (
            quotients and _written_fraction(node)
        )

    def rows(self) -> Iterator[Row]:
        """The lines after the task itself, each different from the one before."""
        before = written(self._node)
        for _ in range(_MAX_LINES):
            key = self._step()
            if key is None:
                return
            now = written(self._node)
            if now != before:
                yield Row(now, WORDS[key])
            before = now

    def _step(self) -> str | None:
        """One round of reductions; the key of its reason, or None when nothing is left to do."""
        for key, kind in (("mixed", "mixed"), ("percent", "%")):
            done = self._reduce(self._node, kind)
            if done != self._node:
                self._node = done
                return key
        for kind, inside in (
            ("power", "bracket_power"),
            ("product", "bracket_product"),
            ("sum", "bracket_sum"),
        ):
            done = self._in_brackets(self._node, kind)
            if done != self._node:
                self._node = done
                return inside
        for kind in ("power", "product", "sum"):
            if kind == "sum" and (common := self._common_denominator(self._node)) is not None:
                self._node = common
                return "common"
            done = self._reduce(self._node, kind)
            if done != self._node:
                self._node = done
                left = any(isinstance(part, Binary) and part.op in "+-" for part in walk(done))
                return "product_only" if kind == "product" and not left else kind
        return None

    # -------------------------------------------------------------------------------------------- reductions

    def _in_brackets(self, node: Node, kind: str) -> Node:
        """Reduce inside the innermost brackets only; a bracket around one number falls away."""
        if isinstance(node, Group) and not _has_brackets(node.inner):
            inner = self._reduce(node.inner, kind)
            return inner if isinstance(inner, Num) else Group(inner)
        if isinstance(node, Call) and not _has_brackets(node.argument) and not isinstance(node.argument, Num):
            return replace(node, argument=self._reduce(node.argument, kind))
        return _rebuild(node, [self._in_brackets(child, kind) for child in _parts(node)])

    def _reduce(self, node: Node, kind: str) -> Node:
        """Everything of one kind whose parts are numbers, from the inside out."""
        node = _rebuild(node, [self._reduce(child, kind) for child in _parts(node)])
        match node:
            case Binary(op, Num(_, a), Num(_, b), _, mixed):
                value = self._binary(op, a, b, kind, mixed=mixed)
            case Unary(op, Num(_, a)):
                value = self._unary(op, a, kind)
            case Call(name, Num(_, a), None) if kind == "power":
                value = _function(name, a)
            case _:
                return node
        return node if value is None else self._number(value)

    @staticmethod
    def _binary(op: str, a: Fraction, b: Fraction, kind: str, *, mixed: bool) -> Fraction | None:
        if mixed:
            return a + b if kind == "mixed" else None
        if (
            op == "^"
            and kind == "power"
            and b.denominator == 1
            and abs(b) <= _MAX_EXPONENT
            and (a != 0 or b > 0)
        ):
            return a ** int(b)
        if op == "*" and kind == "product":
            return a * b
        if op == "/" and kind in ("product", "mixed") and b != 0:
            return a / b
        if op in "+-" and kind == "sum":
            return a + b if op == "+" else a - b
        return None

    @staticmethod
    def _unary(op: str, a: Fraction, kind: str) -> Fraction | None:
        if op == "-" and kind in ("power", "product", "sum"):
            # −3² is −(3²): the power below was reduced in the same round, before this sign.
            return -a
        if op == "%" and kind == "%":
            return a / 100
        if op == "!" and kind == "power" and a.denominator == 1 and 0 <= a <= 20:
            value = 1
            for k in range(2, int(a) + 1):
                value *= k
            return Fraction(value)
        return None

    def _common_denominator(self, node: Node) -> Node | None:
        """The sum with its fractions over one denominator, when they have different ones."""
        terms = [part for part in walk(node) if isinstance(part, Num)]
        if self._decimal or not isinstance(node, Binary) or node.op not in "+-":
            return None
        if any(not (isinstance(p, Num) or (isinstance(p, Binary) and p.op in "+-")) for p in walk(node)):
            return None
        below = {term.value.denominator for term in terms}
        common = max(below)
        for value in below:
            common = common * value // _gcd(common, value)
        if len(below) < 2 or common > 10_000:
            return None
        return _over(node, common) if any(_over(t, common) != t for t in terms) else None

    def _number(self, value: Fraction) -> Num:
        return Num(number_tex(value, decimal=self._decimal), value)


def number_tex(value: Fraction, *, decimal: bool = False) -> str:
    """LaTeX of a rational: whole, decimal where that is exact and wanted, or a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    if decimal and (shown := terminating(value)):
        return shown
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def terminating(value: Fraction, places: int = 8) -> str | None:
    """The decimal that equals the value exactly, if a short one does."""
    scaled = value * 10**places
    if scaled.denominator != 1:
        return None
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return ("-" if value < 0 else "") + text


def _over(node: Node, common: int) -> Node:
    if isinstance(node, Num):
        factor = common // node.value.denominator
        above = node.value.numerator * factor
        sign = "-" if above < 0 else ""
        return Num(rf"{sign}\frac{{{abs(above)}}}{{{common}}}", node.value)
    return _rebuild(node, [_over(part, common) for part in _parts(node)])


def _function(name: str, a: Fraction) -> Fraction | None:
    if name == "abs":
        return abs(a)
    if name in ("sqrt", "cbrt"):
        degree = 2 if name == "sqrt" else 3
        above, below = _root(a.numerator, degree), _root(a.denominator, degree)
        return None if above is None or below is None else Fraction(above, below)
    return None


def _root(number: int, degree: int) -> int | None:
    """The whole root of a whole number, if it has one."""
    if number < 0:
        inner = _root(-number, degree) if degree % 2 else None
        return None if inner is None else -inner
    if number.bit_length() > 200:
        return None
    guess = round(number ** (1 / degree))
    return next((g for g in (guess - 1, guess, guess + 1) if g >= 0 and g**degree == number), None)


def _has_brackets(node: Node) -> bool:
    return any(
        isinstance(part, Group) or (isinstance(part, Call) and not isinstance(part.argument, Num))
        for part in walk(node)
    )


def _written_fraction(node: Node) -> bool:
    """Whether somewhere a quotient of whole numbers was written that no short decimal equals."""
    return any(
        isinstance(part, Binary)
        and part.op == "/"
        and isinstance(part.left, Num)
        and isinstance(part.right, Num)
        and part.right.value != 0
        and terminating(part.left.value / part.right.value) is None
        for part in walk(node)
    )


def _parts(node: Node) -> list[Node]:
    match node:
        case Unary(_, operand):
            return [operand]
        case Binary(_, left, right):
            return [left, right]
        case Group(inner):
            return [inner]
        case Call(_, argument):
            return [argument]
        case _:
            return []


def _rebuild(node: Node, parts: list[Node]) -> Node:
    match node:
        case Unary():
            return replace(node, operand=parts[0])
        case Binary():
            return replace(node, left=parts[0], right=parts[1])
        case Group():
            return Group(parts[0])
        case Call():
            return replace(node, argument=parts[0])
        case _:
            return node


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a
