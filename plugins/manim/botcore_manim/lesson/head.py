"""Title, phase heading and caption: the texts that frame a lesson."""

from __future__ import annotations

import math
from typing import Any

from manim import DOWN, LEFT, RIGHT, UP, FadeIn, FadeOut, Line, VGroup

from botcore_manim.lesson.formula import fit
from botcore_manim.lesson.frame import EM, Box
from botcore_manim.lesson.pacing import reading_time, words_time
from botcore_manim.lesson.stage import Stage, card, put
from botcore_manim.lesson.theme import BLUE, INK, YELLOW
from botcore_manim.lesson.words import LEADING, paragraph, reads_from_the_right

_SHARE = {"wide": 0.15, "tall": 0.19, "square": 0.19}
"""The part of the frame's height that a title takes at most."""

_SQUEEZE = {"wide": 1.0, "tall": 1.0, "square": 1.35}
"""How much too wide words and formula may be to be shrunk into one row: a square has no height to spare."""


class Head:
    """Title and, under it, the heading of the phase. Below the y coordinate ``bottom`` all is free."""

    def __init__(self, stage: Stage):
        self.stage = stage
        self.bottom = stage.frame.safe.top
        self._title_bottom = self.bottom
        self._title: Any = None
        self._heading: Any = None

    def title(self, words: str, tex: str | None) -> None:
        """Shows it large in the middle, then takes it to the top."""
        stage, safe = self.stage, self.stage.frame.safe
        stage.settle()
        if self._title is not None:
            stage.play(FadeOut(self._title), run_time=0.4)
        text = self._set(words, tex)
        if text is None:
            return
        text.move_to([0, safe.top - text.height / 2, 0])
        rule = Line([-0.8 * stage.unit, 0, 0], [0.8 * stage.unit, 0, 0], stroke_width=5, color=BLUE)
        rule.next_to(text, DOWN, buff=0.2 * stage.unit)
        opening = text.copy().move_to([0, 0.2 * stage.unit, 0])
        room = min(safe.width / opening.width, 0.6 * safe.height / opening.height, 1.45)
        opening.scale(max(room, 1.0))
        if stage.now == 0:
            # A chat shows the first frame as the preview: it must not be empty.
            stage.scene.add(opening)
            stage.wait(0.5)
        else:
            stage.play(FadeIn(opening, shift=UP * 0.15 * stage.unit), run_time=0.7)
        stage.wait(min(reading_time(words, tex or ""), 1.4))
        stage.play(opening.animate.become(text), run_time=0.8)
        stage.scene.remove(opening)
        stage.scene.add(text)
        stage.play(FadeIn(rule, scale=0.2), run_time=0.3)
        self._title = VGroup(text, rule)
        stage.scene.remove(text, rule)
        stage.scene.add(self._title)
        self._title_bottom = self.bottom = float(rule.get_bottom()[1])

    def heading(self, words: str) -> None:
        """Exchanges the heading; none for empty words."""
        stage, safe = self.stage, self.stage.frame.safe
        if self._heading is not None:
            stage.play(FadeOut(self._heading), run_time=0.35)
            self._heading = None
        self.bottom = self._title_bottom
        if not words.strip():
            return
        text = paragraph(words, stage.sizes.heading, safe.width, color=YELLOW, bold=True, align="center")
        limit = 0.12 * stage.frame.height
        if text.height > limit:
            text.scale(limit / text.height)
        gap = 0.26 * stage.unit if self._title is not None else 0.0
        text.move_to([0, self._title_bottom - gap - text.height / 2, 0])
        stage.play(FadeIn(text, shift=RIGHT * 0.2 * stage.unit), run_time=0.5)
        stage.read(words_time(words))
        self._heading = text
        self.bottom = float(text.get_bottom()[1])

    def _set(self, words: str, tex: str | None) -> Any:
        """Words and formula in one row where they fit it, else below each other; None when both are empty."""
        stage, safe = self.stage, self.stage.frame.safe
        size, least = stage.sizes.title, stage.sizes.least
        limit = _SHARE[stage.frame.shape] * stage.frame.height
        while True:
            text = paragraph(words, size, safe.width, color=INK, bold=True, align="center")
            parts = [text] if len(text) else []
            if tex and tex.strip():
                parts.append(fit(tex, size, safe.width, limit, least=least, color=YELLOW, center=True))
            if not parts:
                return None
            block = VGroup(*parts)
            row = sum(part.width for part in parts) + 0.45 * stage.unit
            if len(parts) == 2 and len(text) == 1 and row <= safe.width * _SQUEEZE[stage.frame.shape]:
                block.arrange(LEFT if reads_from_the_right(words) else RIGHT, buff=0.45 * stage.unit)
                block.scale(min(1.0, safe.width / row))
            else:
                block.arrange(DOWN, buff=0.24 * stage.unit)
            if block.height <= limit or size < least * 1.05:
                break
            size *= 0.92
        if block.height > limit:
            block.scale(limit / block.height)
        return block


class Caption:
    """The band at the bottom. What is too long for it is shown in several parts, one after the other."""

    def __init__(self, stage: Stage):
        self.stage = stage
        self._shown: Any = None
        self._steps = 0

    def pass_step(self) -> None:
        """A step is about to appear: a caption stays for one of them, then it has said what it had to say. In
        a square, which has no room for both, it goes at once."""
        self._steps += 1
        if self._steps > 1 or self.stage.frame.shape == "square":
            self.clear()

    def say(self, words: str, box: Box) -> None:
        """Shows words in ``box`` once the ones before have been read."""
        stage = self.stage
        self.clear()
        self._steps = 0
        pad, margin = 0.3 * stage.unit, 0.1 * stage.unit
        inner = box.inset(pad, margin)
        most = max(1, int(inner.height / (LEADING * stage.sizes.caption * EM)))
        pages = self._pages(words, inner.width, most)
        for text in pages:
            put(text, inner)
            half = text.width / 2 + pad
            ground = card(Box(box.x - half, box.bottom, box.x + half, box.top), stage.unit)
            if self._shown is not None:
                stage.settle()
                stage.play(FadeOut(self._shown), run_time=0.3)
            self._shown = VGroup(ground, text)
            stage.play(FadeIn(self._shown, shift=UP * 0.1 * stage.unit), run_time=0.5)
            stage.read(words_time(words) / len(pages))

    def _pages(self, words: str, width: float, most: int) -> list[Any]:
        """Groups of at most ``most`` lines, about equally long."""

        def lines(limit: float) -> list[Any]:
            size = self.stage.sizes.caption
            return list(paragraph(words, size, limit, color=INK, formula_color=YELLOW, align="center"))

        set_wide = lines(width)
        count = math.ceil(len(set_wide) / most)
        narrow = width
        while len(set_wide) > 1 and narrow > 0.5 * width:
            tried = lines(narrow * 0.94)
            if len(tried) > count * most:
                break
            narrow, set_wide = narrow * 0.94, tried
        each = math.ceil(len(set_wide) / count)
        return [VGroup(*set_wide[k : k + each]) for k in range(0, len(set_wide), each)]

    @property
    def is_shown(self) -> bool:
        return self._shown is not None

    def clear(self) -> None:
        """Takes it away once it has been read."""
        if self._shown is not None:
            self.stage.settle()
            self.stage.play(FadeOut(self._shown), run_time=0.3)
            self._shown = None
