"""LaTeX of what a person wrote: the tree is printed as it stands, nothing is reordered or computed."""

from __future__ import annotations

from botcore_solver.reading.syntax import Binary, Call, Const, Group, Node, Num, Unary, Var

_COMMANDS = {
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "acot": r"\operatorname{arccot}",
    "lg": r"\lg",
}
_UPRIGHT = frozenset({"sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "ln", "log"})


def written(node: Node) -> str:
    """LaTeX of a tree."""
    match node:
        case Num(text, _):
            return text
        case Var(name):
            return name
        case Const(name):
            return {"pi": r"\pi", "e": "e", "oo": r"\infty"}[name]
        case Group(Binary("/") as quotient):
            return written(quotient)
        case Group(inner):
            return rf"\left({written(inner)}\right)"
        case Unary("-", operand):
            return f"-{written(operand)}"
        case Unary(op, operand):
            return written(operand) + {"!": "!", "%": r"\%", "deg": r"^{\circ}"}[op]
        case Binary():
            return _binary(node)
        case Call(name, argument, base):
            return _call(name, argument, base)
    raise AssertionError(node)


def _binary(node: Binary) -> str:
    match node:
        case Binary("/", left, right):
            return rf"\frac{{{_inside(left)}}}{{{_inside(right)}}}"
        case Binary("^", Call(name, argument, None), right) if name in _UPRIGHT and name not in ("ln", "log"):
            return rf"\{name}^{{{_inside(right)}}}{_argument(argument)}"
        case Binary("^", left, right):
            base = written(left)
            # A fraction, a function and a power need brackets of their own as a base.
            bracketed = isinstance(left, (Group, Num, Var, Const)) and not (base.startswith(("-", r"\frac")))
            if not bracketed:
                base = rf"\left({base}\right)"
            return f"{base}^{{{_inside(right)}}}"
        case Binary("*", left, right, implicit):
            glue = "" if implicit and not _digits_meet(left, right) else r" \cdot "
            return _glued(written(left), glue, written(right))
        case Binary("+", left, right, mixed=True):
            return rf"{written(left)}\,{written(right)}"
        case Binary(op, left, right):
            below = written(right)
            return f"{written(left)} {op} " + (rf"\left({below}\right)" if below.startswith("-") else below)
    raise AssertionError(node)


def _glued(left: str, glue: str, right: str) -> str:
    if right.startswith("-"):
        right = rf"\left({right}\right)"
    # "\pi" and "x" would melt into one command.
    return (
        f"{left} {right}" if not glue and right[:1].isalpha() and left[-1:].isalpha() else left + glue + right
    )


def _digits_meet(left: Node, right: Node) -> bool:
    """Whether two numbers would stand side by side: 2 · 3, and 2 · 1/2."""
    return written(right)[:1].isdigit() or (written(right).startswith(r"\frac") and isinstance(left, Num))


def _inside(node: Node) -> str:
    """Without the outer brackets: a fraction's bar and a raised position bracket already."""
    return written(node.inner) if isinstance(node, Group) else written(node)


def _argument(node: Node) -> str:
    return rf"\left({_inside(node)}\right)"


def _call(name: str, argument: Node, base: Node | None) -> str:
    if name == "abs":
        return rf"\left|{_inside(argument)}\right|"
    if name == "exp":
        return f"e^{{{_inside(argument)}}}"
    if name in ("sqrt", "cbrt", "rootof"):
        degree = {"sqrt": "", "cbrt": "[3]"}.get(name, f"[{_inside(base)}]" if base else "")
        return rf"\sqrt{degree}{{{_inside(argument)}}}"
    command = _COMMANDS.get(name, rf"\{name}")
    below = f"_{{{_inside(base)}}}" if base else ""
    return command + below + _argument(argument)
