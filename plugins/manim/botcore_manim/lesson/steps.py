"""The column of steps: each a short reason and the line that follows from it."""

from __future__ import annotations

from typing import Any

from manim import DOWN, LEFT, ORIGIN, RIGHT, UP, FadeIn, FadeOut, Rectangle, Transform, VGroup, there_and_back

from botcore_manim.lesson.formula import Formula, fit
from botcore_manim.lesson.frame import Box
from botcore_manim.lesson.matching import morph
from botcore_manim.lesson.pacing import reading_time
from botcore_manim.lesson.stage import Stage, card, put
from botcore_manim.lesson.theme import BLUE, EDGE, GREEN, INK, SOFT, YELLOW
from botcore_manim.lesson.words import paragraph, reads_from_the_right

_DIM = 0.7
"""Opacity of steps that are done."""


class Step(VGroup):
    """A reason (may be empty) above a formula (may be missing), at the side where reading begins."""

    def __init__(
        self,
        tex: str,
        why: str,
        width: float,
        height: float,
        stage: Stage,
        *,
        alone: bool,
        right_to_left: bool,
    ):
        sizes, unit = stage.sizes, stage.unit
        self.tex, self.why_text = tex, why
        self.bar: Any = None
        self.room = width if alone else width - 0.3 * unit
        self.reason = paragraph(
            why,
            sizes.why_alone if alone else sizes.why,
            self.room,
            color=SOFT if tex else INK,
            formula_color=YELLOW,
            align="center" if alone else "start",
        )
        left = height - (self.reason.height + 0.26 * unit if why.strip() else 0.0)
        self.size = sizes.formula_alone if alone else sizes.formula
        self.least = sizes.least
        self.alone = alone
        self.right_to_left = right_to_left
        self.formula = self.fitted(tex, max(left, 0.3 * height))
        super().__init__(*(part for part in (self.reason, self.formula) if len(part)))
        self.arrange(DOWN, buff=0.26 * unit)
        if not alone:
            edge = RIGHT if self.right_to_left else LEFT
            self.arrange(DOWN, buff=0.26 * unit, aligned_edge=edge)
            self.bar = Rectangle(width=0.07 * unit, height=self.height + 0.1 * unit, stroke_width=0)
            self.bar.set_fill(BLUE, 1).next_to(self, edge, buff=0.23 * unit)
            self.add(self.bar)
        if self.height > height:
            self.size *= height / self.height
            self.scale(height / self.height)

    def fitted(self, tex: str, height: float) -> Formula | VGroup:
        """``tex`` as this step would show it."""
        if not tex.strip():
            return VGroup()
        return fit(tex, self.size, self.room, height, least=self.least, center=self.alone)

    @property
    def is_full(self) -> bool:
        """Whether it has a reason that it could do without."""
        return bool(len(self.reason) and len(self.formula))

    @property
    def reason_height(self) -> float:
        """The height that it would lose."""
        return float(self.height - self._bare_height())

    def without_reason(self) -> list[Any]:
        """Animations that leave the formula alone; :meth:`forget_reason` comes after them."""
        small = self.formula.copy().scale(self._share())
        edge = ORIGIN if self.alone else RIGHT if self.right_to_left else LEFT
        small.move_to(self.formula, aligned_edge=edge)
        moves = [FadeOut(self.reason), Transform(self.formula, small)]
        if self.bar is not None:
            bar = self.bar.copy().stretch_to_fit_height(self._bare_height())
            moves.append(Transform(self.bar, bar.set_y(self.formula.get_y())))
        return moves

    def forget_reason(self) -> None:
        """From now on it is its formula only."""
        self.remove(self.reason)
        self.reason = VGroup()

    def _bare_height(self) -> float:
        return float(self.formula.height) * self._share() + (0.1 if self.bar is not None else 0.0)

    def _share(self) -> float:
        """How much smaller its formula gets: still legible."""
        return min(1.0, max(0.72, self.least / self.size))

    def dimmed(self) -> Any:
        """Animation to the look of a step that is done."""
        target = self.copy().set_opacity(_DIM)
        if self.bar is not None:
            target[-1].set_fill(EDGE, 1)
        return target


class AnswerBox(VGroup):
    """The result in a frame that nobody misses, in the middle of ``box``."""

    def __init__(self, tex: str, words: str, box: Box, stage: Stage, *, size: float):
        sizes, unit = stage.sizes, stage.unit
        pad = 0.24 * unit
        width, height = box.width - 2.4 * pad, box.height - 0.3 * unit
        reason = paragraph(words, sizes.why, width, color=INK, align="center")
        room = height - (reason.height + 0.2 * unit if len(reason) else 0)
        parts = [reason] if len(reason) else []
        self.size = size
        if tex.strip():
            formula = fit(tex, size, width, max(room, 0.2 * height), least=sizes.least, center=True)
            self.size = formula.size
            parts.insert(0, formula)
        self.inner = put(VGroup(*parts).arrange(DOWN, buff=0.26 * unit), Box(0, 0, width, height))
        half_w = min(box.width, max(self.inner.width + 3.4 * pad, 0.42 * box.width)) / 2
        half_h = min(box.height, self.inner.height + 2.4 * pad) / 2
        self.ground = card(Box(-half_w, -half_h, half_w, half_h), unit, fill="#12302f", edge=GREEN)
        self.ground.set_stroke(width=4)
        self.inner.move_to(self.ground)
        super().__init__(self.ground, self.inner)
        self.move_to([box.x, box.y, 0])


def _says_again(answer: str, step: str) -> bool:
    """Whether an answer begins with the formula of a step: ``7 = 14 / 2`` after ``= 7``."""
    step = step.strip().removeprefix("=").strip()
    rest = answer.strip().removeprefix(step).lstrip()
    return bool(step) and answer.strip().startswith(step) and (not rest or rest.startswith(("=", r"\approx")))


class Column:
    """Steps from top to bottom, together in the middle of their region.

    Whatever is added is first made to fit: when the region is full the done steps fade away, all but the
    last, before anything moves; then the rest moves to its place; then the new one appears. So nothing ever
    crosses anything.
    """

    def __init__(self, stage: Stage, region: Box, *, alone: bool):
        self.stage = stage
        self.region = region
        self.alone = alone
        self.blocks: list[Any] = []
        self._right_to_left = False
        self.gap = (0.46 if alone else 0.4) * stage.unit

    @property
    def last(self) -> Step | None:
        return next((block for block in reversed(self.blocks) if isinstance(block, Step)), None)

    def build(self, tex: str, why: str) -> Step:
        """A step without a reason goes on in the direction of the one before it."""
        if why.strip():
            self._right_to_left = reads_from_the_right(why)
        return Step(
            tex,
            why,
            self.region.width,
            self.region.height,
            self.stage,
            alone=self.alone,
            right_to_left=self._right_to_left,
        )

    def add(self, tex: str, why: str) -> None:
        """A new step appears under the others."""
        step = self.build(tex, why)
        self._admit(step)
        unit = self.stage.unit
        first = [FadeIn(part, shift=DOWN * 0.1 * unit) for part in (step.reason,) if len(part)]
        if step.bar is not None:
            first.append(FadeIn(step.bar))
        self.stage.play(*first, run_time=0.5)
        if len(step.formula):
            signs = len(step.formula.glyphs)
            self.stage.play(
                FadeIn(step.formula, lag_ratio=min(0.5, 6 / max(signs, 1))),
                run_time=min(0.5 + signs * 0.03, 1.4),
            )
        self._show(step)
        self.stage.read(reading_time(why, tex))

    def rewrite(self, tex: str, why: str) -> None:
        """The last step's formula turns into ``tex``; its reason is exchanged, if there is a new one."""
        old, stage = self.last, self.stage
        if old is None or not len(old.formula) or not tex.strip():
            self.add(tex, why)
            return
        new = self.build(tex, why or old.why_text)
        stage.settle()
        moves = self._moves(self._room_for(new, replacing=old))
        if new.why_text == old.why_text:
            moves.append(old.reason.animate.move_to(new.reason) if len(old.reason) else None)
        else:
            moves.append(FadeOut(old.reason) if len(old.reason) else None)
        moves.append(Transform(old.bar, new.bar) if old.bar is not None else None)
        # Tops together: a formula that is taller than its successor must reach neither up into the reason nor
        # down out of the region.
        top, height = float(new.formula.get_top()[1]), float(old.formula.height)
        share = min(1.0, (top - self.region.bottom) / height)
        there = [old.formula.get_x(), top - share * height / 2, 0]
        moves.append(old.formula.animate.scale(share).move_to(there))
        stage.play(*moves, run_time=0.5)
        if new.why_text != old.why_text and len(new.reason):
            stage.play(FadeIn(new.reason), run_time=0.4)
        before = list(stage.scene.mobjects)
        stage.play(*morph(old.formula, new.formula, 1.1))
        loose = [mobject for mobject in stage.scene.mobjects if mobject not in before]
        stage.scene.remove(*loose, old, *old.submobjects)
        self.blocks[self.blocks.index(old)] = new
        self._show(new)
        stage.read(reading_time(why, tex))

    def resize(self, region: Box) -> None:
        """The region is now higher or lower, of the same width: steps that no longer fit leave, and all move
        when what is below needs their place."""
        lower = region.bottom > self.region.bottom
        self.region = region
        if not lower or not self.blocks:
            return
        kept = self._room_for(None)
        last = kept[0]
        if self._height(kept) > region.height + 1e-6 and isinstance(last, Step):
            # The only one left was made for a higher region.
            self.stage.settle()
            self.stage.play(FadeOut(last), run_time=0.3)
            fresh = self.build(last.tex, last.why_text)
            self._moves([fresh])
            self.blocks = [fresh]
            self.stage.play(FadeIn(fresh), run_time=0.4)
            return
        self.stage.play(*self._moves(kept), run_time=0.5)

    def answer(self, tex: str, words: str, band: Box | None) -> None:
        """The answer box appears: in the ``band`` at the bottom of the frame, or under the steps when there
        is none or it is too low."""
        sizes = self.stage.sizes
        self._drop_echo(tex)
        if band is not None:
            box = AnswerBox(tex, words, band, self.stage, size=sizes.formula_alone * 0.9)
            if box.size >= sizes.formula:
                self.stage.settle()
                self.resize(
                    Box(
                        self.region.left, band.top + 0.3 * self.stage.unit, self.region.right, self.region.top
                    )
                )
                self.stage.play(*(Transform(block, block.dimmed()) for block in self.blocks), run_time=0.4)
                self._reveal(box)
                return
        region = Box(0, 0, self.region.width, self.region.height)
        box = AnswerBox(
            tex, words, region, self.stage, size=sizes.formula_alone if self.alone else sizes.formula
        )
        self._admit(box)
        self._reveal(box)

    def _drop_echo(self, tex: str) -> None:
        """A last step that the answer says again makes room for it; the steps before keep their reasons."""
        last = self.last
        if last is None or len(self.blocks) < 2 or not _says_again(tex, last.tex):
            return
        self.stage.settle()
        self.stage.play(FadeOut(last), run_time=0.35)
        self.blocks.remove(last)

    def _reveal(self, box: AnswerBox) -> None:
        stage = self.stage
        stage.play(FadeIn(box.ground, scale=0.9), run_time=0.5)
        stage.play(FadeIn(box.inner, shift=UP * 0.12 * stage.unit), run_time=0.7)
        self._show(box)
        stage.play(box.ground.animate(rate_func=there_and_back).set_stroke(width=10), run_time=0.9)

    def clear(self) -> list[Any]:
        """Animations that take all steps away."""
        gone = [FadeOut(block) for block in self.blocks]
        self.blocks = []
        return gone

    def move_to(self, region: Box, *, alone: bool) -> None:
        """Takes another region: the steps are set anew for it, as many of the last as fit."""
        old, self.blocks = self.blocks, []
        self.region, self.alone = region, alone
        self.gap = (0.46 if alone else 0.4) * self.stage.unit
        if not old:
            return
        self.stage.settle()
        self.stage.play(*(FadeOut(block) for block in old), run_time=0.4)
        fresh = [self.build(step.tex, step.why_text) for step in old if isinstance(step, Step)]
        while len(fresh) > 1 and self._height(fresh) > region.height:
            fresh.pop(0)
        self.blocks = fresh
        for block, place in self._places(fresh):
            block.move_to(place)
        for block in fresh[:-1]:
            block.become(block.dimmed())
        self._arrive = fresh

    def arrivals(self) -> list[Any]:
        """Animations that show what :meth:`move_to` has set anew."""
        fresh, self._arrive = getattr(self, "_arrive", []), []
        return [FadeIn(block) for block in fresh]

    def _height(self, blocks: list[Any]) -> float:
        return sum(float(block.height) for block in blocks) + self.gap * max(len(blocks) - 1, 0)

    def _places(self, blocks: list[Any]) -> list[tuple[Any, Any]]:
        """Each block with the middle of its place."""
        top = self.region.y + self._height(blocks) / 2
        places = []
        for block in blocks:
            x = self.region.x
            if isinstance(block, Step) and not self.alone:
                half = block.width / 2
                x = self.region.right - half if block.right_to_left else self.region.left + half
            places.append((block, [x, top - block.height / 2, 0]))
            top -= block.height + self.gap
        return places

    def _room_for(self, new: Any, replacing: Any = None) -> list[Any]:
        """Makes room for ``new`` (if any); the blocks that stay, ``new`` among them.

        The oldest steps lose their reasons first, then the oldest leave; the last one stays while it can.
        """
        kept = [new if block is replacing else block for block in self.blocks]
        if replacing is None and new is not None:
            kept.append(new)
        limit = self.region.height + 1e-6
        excess = self._height(kept) - limit
        shorter: list[Step] = []
        gone: list[Any] = []
        for block in kept[:-1]:
            if excess > 0 and isinstance(block, Step) and block.is_full:
                shorter.append(block)
                excess -= block.reason_height
        while excess > 0 and len(kept) > 1:
            block = kept.pop(0)
            gone.append(block)
            excess -= block.height + self.gap - (block.reason_height if block in shorter else 0.0)
        shorter = [block for block in shorter if block not in gone]
        if gone or shorter:
            self.stage.settle()
            leaving = [FadeOut(block) for block in gone]
            self.stage.play(
                *leaving, *(move for block in shorter for move in block.without_reason()), run_time=0.45
            )
            for block in shorter:
                block.forget_reason()
            self.blocks = [block for block in self.blocks if block not in gone]
        return kept

    def _moves(self, kept: list[Any], *, dim: bool = False) -> list[Any]:
        """Puts what is new in ``kept`` in its place; the animations that bring the others to theirs."""
        moves = []
        for block, place in self._places(kept):
            if block in self.blocks:
                target = block.dimmed() if dim else block.copy()
                moves.append(Transform(block, target.move_to(place)))
            else:
                block.move_to(place)
        return moves

    def _admit(self, new: Any) -> None:
        """Makes room for ``new`` and puts it there, not yet shown."""
        self.stage.settle()
        kept = self._room_for(new)
        self.stage.play(*self._moves(kept, dim=True), run_time=0.5)
        self.blocks = kept

    def _show(self, block: Any) -> None:
        """After its parts came one by one: the block as one object of the scene."""
        self.stage.scene.remove(*block.submobjects)
        self.stage.scene.add(block)
