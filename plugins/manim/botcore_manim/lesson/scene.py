"""The scene that lessons are written with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from manim import Scene

from botcore_manim.lesson.frame import Box, PanelKind
from botcore_manim.lesson.graph import Graph, Point
from botcore_manim.lesson.head import Caption, Head
from botcore_manim.lesson.numberline import NumberLine
from botcore_manim.lesson.pacing import ANSWER_HOLD, reading_time
from botcore_manim.lesson.panel import Panel
from botcore_manim.lesson.picture import Picture
from botcore_manim.lesson.scale import Function
from botcore_manim.lesson.stage import Stage
from botcore_manim.lesson.steps import Column
from botcore_manim.lesson.theme import GROUND


class Lesson(Scene):
    """A scene that places, sizes, wraps and paces by itself.

    Write ``construct`` and call the methods in the order in which things shall appear. TEX is LaTeX maths
    without dollars; WORDS are plain text in any language that may hold ``$TEX$``.
    """

    def setup(self) -> None:
        """Called by Manim before ``construct``."""
        super().setup()
        self.camera.background_color = GROUND
        self._stage = Stage(self)
        self._head = Head(self._stage)
        self._caption = Caption(self._stage)
        self._panel: Panel | None = None
        self._kind: PanelKind = "none"
        self._column = Column(self._stage, self._regions().steps, alone=True)

    def title(self, words: str, tex: str | None = None) -> None:
        """The title, at the top to the end. Call it first.

        :param tex: the task itself.
        """
        self._head.title(words, tex)
        self._rearrange()

    def step(self, tex: str, why: str = "") -> None:
        """A new line in the column of steps.

        :param why: WORDS: how this line came from the one before; shown above it.
        """
        self._make_room()
        self._column.add(tex, why)

    def rewrite(self, tex: str, why: str = "") -> None:
        """The newest line turns into ``tex``: equal parts glide to their new places."""
        self._make_room()
        self._column.rewrite(tex, why)

    def note(self, words: str) -> None:
        """A line of words in the column of steps."""
        self._make_room()
        self._column.add("", words)

    def say(self, words: str) -> None:
        """A caption at the bottom, until the next one or the second step after it; none for empty words."""
        if words.strip():
            regions = self._regions()
            self._column.resize(regions.steps)
            self._caption.say(words, regions.caption)
        else:
            self._caption.clear()

    def graph(
        self,
        *functions: Function,
        x: Sequence[float],
        y: Sequence[float] | None = None,
        labels: Sequence[str] = (),
        include: Sequence[Point] = (),
    ) -> Graph:
        """Opens the graph panel and draws each function.

        :param functions: float to float; may raise or give nan where they have no value.
        :param x: (from, to).
        :param y: (from, to); chosen from the functions when left out.
        :param labels: TEX, one for each function.
        :param include: points that the chosen y range has to show.
        :raises ValueError: a range that is not two different numbers.
        """
        box = self._open("graph")
        graph = Graph(self._stage, box, functions, x, y, labels, include)
        self._enter(graph)
        return graph

    def number_line(self, x: Sequence[float]) -> NumberLine:
        """Opens a panel with a number line over ``x``: (from, to)."""
        line = NumberLine(self._stage, self._open("strip"), x)
        self._enter(line)
        return line

    def picture(self, mobject: Any) -> Picture:
        """Opens a panel with a drawing of yours, scaled to fit."""
        picture = Picture(self._stage, self._open("graph"), mobject)
        self._enter(picture)
        return picture

    def phase(self, words: str = "") -> None:
        """Clears steps, panel and caption for the next part.

        :param words: WORDS: its heading, under the title.
        """
        self._caption.clear()
        self._stage.settle()
        panel, self._panel, self._kind = self._panel, None, "none"
        gone = [*self._column.clear(), *(panel.fade() if panel else [])]
        self._stage.play(*gone, run_time=0.5)
        self._head.heading(words)
        self._column.move_to(self._regions().steps, alone=True)

    def answer(self, tex: str, words: str = "") -> None:
        """The highlighted result. Call it last.

        :param words: WORDS below it.
        """
        self._caption.clear()
        self._make_room()
        self._column.answer(tex, words, self._regions().caption if self._panel else None)
        self._stage.wait(max(ANSWER_HOLD, reading_time(words, tex) + 0.5))

    def tear_down(self) -> None:
        """Called by Manim after ``construct``: what came last stays until it has been read."""
        self._stage.settle()
        super().tear_down()

    # ---- layout --------------------------------------------------------------------------------------------

    def _regions(self) -> Any:
        return self._stage.frame.regions(self._head.bottom, self._kind)

    def _open(self, kind: PanelKind) -> Box:
        """Makes room for a panel and gives its box: in the middle as long as there are no steps."""
        if self._panel is not None:
            self._stage.settle()
            self._stage.play(*self._panel.fade(), run_time=0.4)
            self._panel = None
        self._kind = kind
        regions = self._regions()
        self._column.move_to(regions.steps, alone=kind == "strip")
        box: Box = regions.panel
        if self._column.blocks:
            return box
        whole = self._stage.frame.regions(self._head.bottom).steps
        return box.shifted(whole.x - box.x, whole.y - box.y)

    def _enter(self, panel: Any) -> None:
        self._panel = panel
        panel.on_close = self._close
        self._stage.play(*self._column.arrivals(), run_time=0.5)
        panel.open()

    def _close(self) -> None:
        panel, self._panel, self._kind = self._panel, None, "none"
        self._stage.settle()
        self._stage.play(*(panel.fade() if panel else []), run_time=0.5)
        self._rearrange()

    def _make_room(self) -> None:
        """Before a step appears: the column gets the caption's band when there is no caption, and a panel
        that is alone in the middle moves to its side."""
        self._caption.pass_step()
        steps = self._regions().steps
        if not self._caption.is_shown and self._kind != "strip":
            steps = replace(steps, bottom=self._stage.frame.safe.bottom)
        self._column.resize(steps)
        if self._panel is None or self._column.blocks:
            return
        target = self._regions().panel
        by = [target.x - self._panel.box.x, target.y - self._panel.box.y, 0.0]
        self._stage.play(*self._panel.shift(by), run_time=0.7)

    def _rearrange(self) -> None:
        """Takes the column to the region that it has now."""
        self._column.move_to(self._regions().steps, alone=self._kind != "graph")
        self._stage.play(*self._column.arrivals(), run_time=0.5)
