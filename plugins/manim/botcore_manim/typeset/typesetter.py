"""TeX to drawings: which mode, which engine, and a cache."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from string import ascii_letters, digits

from .drawing import Drawing
from .engine import PACKAGES, PHYSICS, MathJax
from .errors import MathOnly, TexError
from .maths import Maths
from .source import Environment, check, environment, html_colours, outline_runs, preamble
from .text import set_text

_GROUP = re.compile(r"<g id='([^']+)'>")
_MARK = re.compile(r"\\special\{dvisvgm:raw [^{}]*\}")
_CACHED = 2048
_LETTERS = f"{ascii_letters}{digits}.,"


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A drawing and the groups that manim will ask for, those without a shape too."""

    drawing: Drawing
    groups: tuple[str, ...]


class Typesetter:
    """Keeps the engines and the formulas of this process."""

    def __init__(self) -> None:
        self._engines: dict[bool, MathJax] = {}
        self._formulas: OrderedDict[tuple[str, str | None, str], Formula] = OrderedDict()

    def warm(self) -> None:
        """Start the engine and read the outlines of common letters, so that forked processes need not."""
        self.formula(_LETTERS + r"+-=<>()[]\cdot\pi\alpha\beta\theta", "align*", "", "")
        self.formula(rf"{_LETTERS}\textbf{{{_LETTERS}}}", "center", "", "")

    def formula(self, expression: str, env: str | None, body: str, placeholder: str) -> Formula:
        """Typeset ``expression`` as manim hands it over.

        :param env: manim's ``tex_environment``.
        :param body: the LaTeX document of the template; of it only the definitions matter.
        :raises TexError: naming the fault and the TeX, without manim's marks.
        """
        key = (expression, env, body)
        found = self._formulas.get(key)
        if found is None:
            try:
                found = self._set(expression, env, body, placeholder)
            except TexError as error:
                raise TexError(error.fault, _MARK.sub("", expression).strip()) from None
            self._formulas[key] = found
            if len(self._formulas) > _CACHED:
                self._formulas.popitem(last=False)
        else:
            self._formulas.move_to_end(key)
        return found

    def _set(self, expression: str, env: str | None, body: str, placeholder: str) -> Formula:
        check(expression)
        definitions, physics = preamble(body, placeholder)
        engine = self._engine(physics)
        runs: list[str] = []
        frame = environment(env)
        in_maths = frame is not None and frame.math
        source = outline_runs(html_colours(expression), engine.known, runs, maths=in_maths)
        maths = Maths(engine, definitions, tuple(runs))
        if frame is not None and in_maths:
            drawing = self._formula(source, frame, maths)
        else:
            drawing = self._text(source, frame, maths)
        return Formula(drawing, tuple(dict.fromkeys(_GROUP.findall(expression))))

    def _formula(self, source: str, frame: Environment, maths: Maths) -> Drawing:
        """A formula; a fault is told without the environment, which the scene's author did not write."""
        try:
            return maths.set(frame.wrap(source)).drawing
        except TexError:
            if "&" not in source and r"\\" not in source:
                maths.set(source)
            raise

    def _text(self, source: str, frame: Environment | None, maths: Maths) -> Drawing:
        """Text; where a scene forgot the dollars around a formula, the formula."""
        try:
            return set_text(source, frame, maths)
        except MathOnly as error:
            if "$" in source or r"\(" in source:
                raise
            try:
                return maths.set(rf"\begin{{align*}}{source}\end{{align*}}").drawing
            except TexError:
                raise error from None

    def _engine(self, physics: bool) -> MathJax:
        if physics not in self._engines:
            self._engines[physics] = MathJax((*PACKAGES, PHYSICS) if physics else PACKAGES)
        return self._engines[physics]
