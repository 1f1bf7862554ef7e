"""The label of a point on a graph: on a small ground of its own, away from curves, dots and other labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from manim import FadeIn, Line, Transform, VGroup

from botcore_manim.lesson.formula import fit
from botcore_manim.lesson.frame import Box
from botcore_manim.lesson.placing import nearest, place
from botcore_manim.lesson.plane import LAYERS
from botcore_manim.lesson.stage import box_of, card
from botcore_manim.lesson.theme import AXIS, CARD

if TYPE_CHECKING:
    from botcore_manim.lesson.graph import Graph, Point


class Label:
    """``shape`` is what is on screen: the ground, the formula, and a thin line to the point when the label
    is not right beside it. ``is_free``: it covers nothing."""

    def __init__(self, graph: Graph, tex: str, at: Point, color: str):
        self._graph = graph
        self._at = at
        self._target: Box | None = None
        sizes, plot = graph.stage.sizes, graph.plane.plot
        self._pad = 0.09 * graph.stage.unit
        for size, width in ((sizes.label, 0.5), (sizes.least, 0.4)):
            self._text = fit(tex, size, plot.width * width, plot.height * 0.4, least=sizes.least, color=color)
            self.shape = self._built(self._text)
            obstacles, point = graph.obstacles(but=self), graph.plane.point(*at)
            self.is_free = obstacles.clash(self.box) == 0
            if self.is_free and not obstacles.misleads((point[0], point[1]), self.box):
                break

    @property
    def box(self) -> Box:
        """What it covers, or will cover when it is about to move."""
        return self._target or box_of(self.shape[0])

    def appear(self) -> None:
        """Shows it."""
        self._graph.stage.play(FadeIn(self.shape), run_time=0.5)

    def evade(self) -> list[Any]:
        """An animation to a better place, if something has come into this one. :meth:`arrive` comes after it;
        until then other labels keep off the new place."""
        obstacles = self._graph.obstacles(but=self)
        point = self._graph.plane.point(*self._at)

        def fault(box: Box) -> tuple[float, bool]:
            return obstacles.clash(box), obstacles.misleads((point[0], point[1]), box)

        if fault(self.box) == (0, False):
            return []
        target = self._built(self._text.copy())
        place = box_of(target[0])
        if fault(place) >= fault(self.box):
            return []
        self._target = place
        return [Transform(self.shape, target)]

    def arrive(self) -> None:
        """It has moved."""
        self._target = None

    def _built(self, text: Any) -> Any:
        graph, pad = self._graph, self._pad
        point = graph.plane.point(*self._at)
        gap = 0.2 * graph.stage.unit
        obstacles = graph.obstacles(but=self)
        box, step = place((point[0], point[1]), text.width + 2 * pad, text.height + 2 * pad, gap, obstacles)
        ground = card(box, graph.stage.unit, fill=CARD, edge=CARD, radius=0.08).set_stroke(width=0)
        text.move_to([box.x, box.y, 0])
        foot = [*nearest((point[0], point[1]), box), 0]
        thread = Line(point, foot, stroke_width=2 if step > 1 else 0, color=AXIS)
        shape = VGroup(ground, text, thread).set_z_index(LAYERS["label"])
        ground.set_z_index(LAYERS["label"] - 0.5)
        thread.set_z_index(LAYERS["moving"])
        return shape
