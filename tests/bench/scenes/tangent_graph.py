"""A graph with a tangent that follows a tracker: always_redraw, updaters with and without dt."""

from manim import *


class TangentGraph(Scene):
    def construct(self):
        axes = Axes(x_range=[-3, 3, 1], y_range=[-3, 5, 1], x_length=9, y_length=6, tips=False)
        curve = axes.plot(lambda x: x**3 / 3 - x + 1, x_range=[-2.6, 2.6], color=BLUE)
        self.play(Create(axes), run_time=1)
        self.play(Create(curve), run_time=1.2)
        t = ValueTracker(-2.2)
        dot = always_redraw(lambda: Dot(axes.input_to_graph_point(t.get_value(), curve), color=YELLOW))
        tangent = always_redraw(
            lambda: TangentLine(curve, alpha=(t.get_value() + 2.6) / 5.2, length=4, color=YELLOW)
        )
        slope = DecimalNumber(0, num_decimal_places=2, mob_class=Text).scale(0.8).to_corner(UR)
        slope.add_updater(lambda m: m.set_value(t.get_value() ** 2 - 1))
        self.play(FadeIn(dot), FadeIn(tangent), FadeIn(slope))
        self.play(t.animate.set_value(2.2), run_time=4, rate_func=smooth)
        spinner = Square(0.6, color=RED).to_corner(UL)
        spinner.add_updater(lambda m, dt: m.rotate(dt * 2))
        self.add(spinner)
        self.wait(2)
        spinner.clear_updaters()
        self.play(t.animate.set_value(0), run_time=1)
