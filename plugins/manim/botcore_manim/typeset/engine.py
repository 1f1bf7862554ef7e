"""MathJax inside QuickJS: TeX in, SVG out.

quickjax ships MathJax 4 as one bundle that exports ``render(tex)`` and nothing else. We need more than
that: errors as errors, groups that do not disturb the spacing, the characters that the font knows, LaTeX's
thickness of rules. So the bundle's last statements, which configure MathJax, are replaced by our own before
it is evaluated (``mathjax.js``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import quickjs

from .errors import EngineFault, TexError

Size = tuple[float, float, float]
"""Width, height above and depth below the baseline, in em."""

PACKAGES = [
    "base",
    "ams",
    "newcommand",
    "boldsymbol",
    "braket",
    "cancel",
    "color",
    "enclose",
    "extpfeil",
    "mhchem",
    "mathtools",
    "amscd",
    "action",
    "bbox",
    "unicode",
    "verb",
    "textmacros",
    "textcomp",
    "cases",
]
"""No ``html`` (\\href, \\style, \\class), no ``noerrors``/``noundefined`` (faults must be seen), no
``require``.
"""

PHYSICS = "physics"
"""Only on demand: it turns \\div into a divergence, and takes \\var, \\order, \\qty away from the user."""

_TAIL = re.compile(
    r'var \w+=\["base",[^\]]*\],'
    r"(?P<tex>\w+)=new (?P<TeX>\w+)\(\{packages:\w+\}\),"
    r'(?P<out>\w+)=new (?P<SVG>\w+)\(\{fontCache:"local",linebreaks:\{inline:!1\}\}\),'
    r'\w+=(?P<mathjax>\w+)\.document\("",\{InputJax:\w+,OutputJax:\w+\}\);'
    r"\w+\.font\.loadDynamicFilesSync\(\);"
    r"function (?P<serialize>\w+)\(\w+\)\{let \w+=(?P<adaptor>\w+)\.childNodes\(.*?\}\)\(\);",
    re.DOTALL,
)
_HEAP = 128 * 2**20
_STACK = 4 * 2**20
_SECONDS = 20
"""CPU seconds for one formula; MathJax bounds macro expansion itself, this is the wall behind it."""

_TOO_DEEP = "it is nested too deeply"
_TOO_LONG = f"it takes more than {_SECONDS} s"
_TOO_LARGE = "it needs too much memory"


@dataclass(frozen=True, slots=True)
class Typeset:
    """What MathJax made of one formula."""

    svg: str
    groups: tuple[str, ...]
    """Groups still open at the end: the next line of the same text goes on in them."""


class MathJax:
    """One JavaScript context. Not thread-safe; survives ``fork`` (each process goes on with its own copy)."""

    def __init__(self, packages: Sequence[str] = PACKAGES) -> None:
        """:raises EngineFault: when the installed quickjax is not the one that this code knows."""
        bundle = resources.files("quickjax").joinpath("js", "mathjax_bundle.js").read_text("utf-8")
        self._program = _configured(bundle, packages)
        self._used = False
        self._start()
        self.known = frozenset(map(chr, json.loads(self._context.eval("knownCharacters()"))))
        """The characters that MathJax's own font can draw."""

    def _start(self) -> None:
        self._context = quickjs.Context()
        self._context.set_max_stack_size(_STACK)
        self._context.set_memory_limit(_HEAP)
        try:
            self._context.eval(self._program)
            self._context.set_time_limit(_SECONDS)
            self._context.eval(r'typeset("\\botcoreinit", true, [], {}); ready()')
        except quickjs.JSException as fault:
            raise EngineFault(f"MathJax did not start: {fault}") from fault
        self._used = False

    def typeset(
        self,
        tex: str,
        *,
        display: bool = True,
        groups: Sequence[str] = (),
        measure: Callable[[str], Size] | None = None,
    ) -> Typeset:
        r"""Typeset ``tex`` (math mode).

        :param groups: manim's groups that are open where ``tex`` begins.
        :param measure: gives the size of a ``\outlined{k}`` run by its key ``"k:style"``.
        :raises TexError: the TeX is faulty.
        """
        sizes: dict[str, Size] = {}
        answer = self._call(tex, display, groups, sizes)
        if answer.get("missing") and measure is not None:
            sizes = {run: measure(run) for run in answer["missing"]}
            answer = self._call(tex, display, groups, sizes)
        if "fault" in answer:
            raise TexError(answer["fault"], tex)
        return Typeset(answer["svg"], tuple(answer["groups"]))

    def glyph(self, letter: str, variant: str) -> tuple[float, float, float, str] | None:
        """A letter of text: width, height, depth in em, and its path without the leading ``M``; ``None``:
        unknown.
        """
        answer = json.loads(self._context.eval(f"glyph({json.dumps(variant)}, {ord(letter)})"))
        return None if answer is None else (answer[0], answer[1], answer[2], answer[3])

    def _call(
        self, tex: str, display: bool, groups: Sequence[str], sizes: Mapping[str, Size]
    ) -> dict[str, Any]:
        arguments = ", ".join(json.dumps(value) for value in (tex, display, list(groups), dict(sizes)))
        used, self._used = self._used, True
        answer = self._ask(arguments)
        if "broken" in answer:
            # stopped half way, MathJax may be half changed: whatever comes next finds a fresh one, and so
            # does this formula, if the fault may have been there before it
            self._start()
            if used and answer["broken"] not in {_TOO_DEEP, _TOO_LONG}:
                answer = self._ask(arguments)
                self._used = True
        if "broken" in answer:
            self._start()
            return {"fault": answer["broken"]}
        return answer

    def _ask(self, arguments: str) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = json.loads(self._context.eval(f"typeset({arguments})"))
        except quickjs.JSException as fault:
            answer = {"broken": str(fault)}
        if "broken" in answer:
            answer["broken"] = _engine_limit(answer["broken"])
        return answer


def _configured(bundle: str, packages: Sequence[str]) -> str:
    found = _TAIL.search(bundle)
    if found is None:
        raise EngineFault(
            "this version of quickjax is not known: its bundle ends in another way; use quickjax 0.1.0"
        )
    setup = (
        f"const tex = new {found['TeX']}({{packages: {json.dumps(list(packages))}, maxBuffer: 65536}});"
        f'const output = new {found["SVG"]}({{fontCache: "none", linebreaks: {{inline: false}}}});'
        f"const adaptor = {found['adaptor']};"
        f'const mathDocument = {found["mathjax"]}.document("", {{InputJax: tex, OutputJax: output}});'
        "output.font.loadDynamicFilesSync();"
    )
    glue = resources.files(__package__).joinpath("mathjax.js").read_text("utf-8")
    return f"{bundle[: found.start()]}{{{setup}\n{glue}}}}})();"


def _engine_limit(fault: str) -> str:
    if "stack overflow" in fault or "too much recursion" in fault:
        return _TOO_DEEP
    if "interrupted" in fault:
        return _TOO_LONG
    # without memory there is none for an exception either: null is thrown
    if "out of memory" in fault or fault == "null" or "of null" in fault:
        return _TOO_LARGE
    return fault
