"""TeX in strings: escapes, dollars, braces, and maths where text is expected."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from botcore.model import Edit, Finding
from botcore_manim.habits.code import called, found
from botcore_manim.habits.subject import Subject

CODE = "manim_tex"

_MATHS = frozenset({"MathTex", "SingleStringMathTex", "Formula"})
_TEX = frozenset({*_MATHS, "Tex", "Title", "TexText", "TextMobject", "TexMobject", "OldTex", "OldTexText"})
_TAKERS = frozenset(
    {"get_tex", "get_graph_label", "get_axis_labels", "Variable", "BraceLabel", "get_x_axis_label"}
)

_PREFIX = re.compile(r"""(?P<prefix>[A-Za-z]*)(?P<quote>'''|\"\"\"|'|")""")
_CONTROL = re.compile(r"(?<!\\)(?:\\\\)*\\(?P<command>[abfrtv][A-Za-z]+|n[A-Za-z]+)")
_N_COMMANDS = frozenset(
    [
        "nabla",
        "nabla",
        "neq",
        "ne",
        "neg",
        "nu",
        "not",
        "notin",
        "ni",
        "nexists",
        "newline",
        "nonumber",
        "natural",
        "nearrow",
        "nwarrow",
        "nleq",
        "ngeq",
        "nmid",
        "nparallel",
        "nsubseteq",
        "nless",
        "ngtr",
        "normalsize",
        "nobreak",
        "nolimits",
    ]
)
_WRAPPED = re.compile(
    r"^\s*(?:\$\$(?P<a>.*)\$\$|\$(?P<b>[^$]*)\$|\\\[(?P<c>.*)\\\]|\\\((?P<d>.*)\\\))\s*$", re.DOTALL
)
_MATH_COMMAND = re.compile(
    r"\\(?:frac|dfrac|tfrac|sum|int|prod|sqrt|lim|infty|cdot|cdots|times|pm|leq?|geq?|neq|approx|alpha|beta|gamma"
    r"|delta|theta|lambda|mu|pi|sigma|phi|omega|Delta|Sigma|Omega|partial|nabla|vec|hat|bar|left|right|to|in|rightarrow"
    r"|Rightarrow|implies|binom|sin|cos|tan|log|ln|exp|quad|ldots|circ|angle|triangle|mathbb|mathrm)(?![A-Za-z])"
)
_SCRIPT = re.compile(r"[A-Za-z0-9)}\]]\s*[\^_]\s*[\w{\\]")
_TEXT_COMMAND = re.compile(r"\\(?:text|textbf|textit|mathrm|operatorname)\s*\{[^{}]*\}|\\[A-Za-z]+")
_AMPERSAND = re.compile(r"&(?!#?\w+;)")
_WORD = re.compile(r"[A-Za-z]{3,}")
_BEFORE_GROUP = re.compile(r"(?:\\[A-Za-z]+|[\^_]|\}|\])\s*$")


def check(subject: Subject) -> Iterator[Finding]:
    """Every string that is typeset as TeX."""
    code = subject.code
    for call in code.all(ast.Call):
        name = called(call)
        if name == "MarkupText":
            yield from _markup(subject, call)
        if name not in _TEX and name not in _TAKERS:
            continue
        for argument in _strings(call):
            yield from _escapes(subject, argument)
            if isinstance(argument, ast.JoinedStr):
                yield from _braces(subject, argument)
            elif name in _MATHS:
                yield from _dollars(subject, argument)
            elif name == "Tex":
                yield from _text_mode(subject, call, argument)


def _markup(subject: Subject, call: ast.Call) -> Iterator[Finding]:
    """An ``&`` of its own: markup begins an entity with it."""
    code = subject.code
    for node in _strings(call):
        text = code.segment(node)
        new = _AMPERSAND.sub("&amp;", text)
        if new != text:
            yield found(
                code, node, CODE, "in MarkupText & is written &amp;", code.replace(node, new), sure=True
            )


def _strings(call: ast.Call) -> Iterator[ast.Constant | ast.JoinedStr]:
    for argument in call.args:
        parts = argument.elts if isinstance(argument, ast.List) else [argument]
        for part in parts:
            if isinstance(part, ast.JoinedStr) or (
                isinstance(part, ast.Constant) and isinstance(part.value, str)
            ):
                yield part


def _literal(subject: Subject, node: ast.expr) -> re.Match[str] | None:
    """How the string is written; None for several that are put together."""
    text = subject.code.segment(node)
    match = _PREFIX.match(text)
    if match is None or not text.endswith(match["quote"]):
        return None
    return match if text.count(match["quote"]) == 2 or "\n" not in text else None


def _escapes(subject: Subject, node: ast.Constant | ast.JoinedStr) -> Iterator[Finding]:
    """``"\\frac"``: Python reads a form feed and ``rac``."""
    code, match = subject.code, _literal(subject, node)
    if match is None or "r" in match["prefix"].lower():
        return
    text = code.segment(node)
    wrong = [m for m in _CONTROL.finditer(text) if m["command"][0] != "n" or _is_n_command(m["command"])]
    if not wrong:
        return
    if "\\\\" not in text and f"\\{match['quote'][0]}" not in text and "\\n" not in _without(text, wrong):
        edits = [code.before(node, "r")]
    else:
        edits = []
        for m in wrong:
            place = _place(subject, node, m.start("command") - 1)
            edits.append(Edit(*place, *place, "\\"))
    shown = wrong[0]["command"]
    message = f"Python reads “\\{shown[0]}” in “\\{shown}” as a control sign: put r before the string"
    yield found(code, node, CODE, message, *edits)


def _without(text: str, matches: list[re.Match[str]]) -> str:
    for match in matches:
        text = text.replace(f"\\{match['command']}", "")
    return text


def _is_n_command(command: str) -> bool:
    return command in _N_COMMANDS


def _place(subject: Subject, node: ast.expr, offset: int) -> tuple[int, int]:
    """Line and column of a character of the node's text."""
    text = subject.code.segment(node)[:offset]
    line, column = subject.code.start(node)
    return (
        (line, column + offset)
        if "\n" not in text
        else (
            line + text.count("\n"),
            len(text) - text.rfind("\n") - 1,
        )
    )


def _dollars(subject: Subject, node: ast.Constant) -> Iterator[Finding]:
    """``MathTex("$x$")``: it is maths already."""
    code, match = subject.code, _literal(subject, node)
    text = code.segment(node)
    if match is None or ("$" not in text and "\\(" not in text and "\\[" not in text):
        return
    begin, end = match.end(), len(text) - len(match["quote"])
    inner = text[begin:end]
    wrapped = _WRAPPED.match(inner)
    if wrapped is not None:
        new = next(group for group in wrapped.groups() if group is not None).strip()
    elif inner.count("$") % 2 == 0 and inner.count("$") and "\\text" not in inner and "\\$" not in inner:
        new = inner.replace("$", "")
    else:
        return
    edit = code.replace(node, text[:begin] + new + text[end:])
    yield found(code, node, CODE, "MathTex is maths already: leave the dollars out", edit)


def _text_mode(subject: Subject, call: ast.Call, node: ast.Constant) -> Iterator[Finding]:
    """``Tex(r"\\frac12")``: Tex is text, maths stands between dollars."""
    code, match = subject.code, _literal(subject, node)
    text = str(node.value)
    if match is None or "$" in text or "\\(" in text or "\\begin" in text or "\\[" in text:
        return
    if not (_MATH_COMMAND.search(text) or _SCRIPT.search(text)) or any(
        k.arg == "tex_environment" for k in call.keywords
    ):
        return
    if _WORD.search(_TEXT_COMMAND.sub(" ", text)):
        return  # words and maths mixed: which is which is not sure
    written = code.segment(node)
    begin, end = match.end(), len(written) - len(match["quote"])
    edit = code.replace(node, f"{written[:begin]}${written[begin:end]}${written[end:]}")
    yield found(code, node, CODE, "Tex is text: put maths between dollars, or write MathTex", edit)


def _braces(subject: Subject, node: ast.JoinedStr) -> Iterator[Finding]:
    """``f"\\frac{dy}{dx}"``: braces of TeX that Python takes for its own."""
    code = subject.code
    if _literal(subject, node) is None:
        return
    text = code.segment(node)
    edits: list[Edit] = []
    for part in node.values:
        if not isinstance(part, ast.FormattedValue):
            continue
        names = [n for n in ast.walk(part.value) if isinstance(n, ast.Name)]
        if not names or not any(subject.scopes.is_undefined(name) for name in names):
            continue
        if part.format_spec is not None or part.conversion != -1:
            continue
        spans = [m for m in re.finditer(r"(?<!\{)\{([^{}]*)\}(?!\})", text) if _same(m[1], part)]
        for span in spans:
            if not _BEFORE_GROUP.search(text[: span.start()]):
                continue
            start, end = _place(subject, node, span.start()), _place(subject, node, span.end())
            edit = Edit(*start, *end, "{{" + span[1] + "}}")
            if edit not in edits:
                edits.append(edit)
    if edits:
        message = f"“{edits[0].replacement[1:-1]}” is TeX inside an f-string: double its braces"
        yield found(code, node, CODE, message, *edits, sure=True)


def _same(text: str, part: ast.FormattedValue) -> bool:
    """Whether text between braces is this expression; positions inside f-strings are not to be trusted."""
    try:
        return ast.dump(ast.parse(text.strip(), mode="eval").body) == ast.dump(part.value)
    except SyntaxError:
        return False
