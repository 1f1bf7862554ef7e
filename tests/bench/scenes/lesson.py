"""Steps on the left, a Riemann sum on the right, an answer box: the layout of a solved problem."""

from manim import *


class Lesson(Scene):
    def construct(self):
        title = Text("Integrate x² from 0 to 2", font_size=42).to_edge(UP, buff=0.4)
        axes = Axes(x_range=[0, 2.5, 1], y_range=[0, 5, 1], x_length=5.5, y_length=4.6, tips=False)
        axes.to_edge(RIGHT, buff=0.6).shift(DOWN * 0.4)
        curve = axes.plot(lambda x: x**2, x_range=[0, 2.2], color=BLUE)
        steps = VGroup(
            Text("∫ x² dx = x³ / 3", font_size=32),
            Text("at 2:  8 / 3", font_size=32),
            Text("at 0:  0", font_size=32),
            Text("8 / 3 − 0 = 8 / 3", font_size=32),
        ).arrange(DOWN, aligned_edge=LEFT, buff=0.55)
        steps.to_edge(LEFT, buff=0.8).shift(UP * 0.3)
        self.play(Write(title), run_time=1)
        self.play(Create(axes), Create(curve), run_time=1.2)
        bars = axes.get_riemann_rectangles(curve, x_range=[0, 2], dx=0.5, fill_opacity=0.6)
        self.play(FadeIn(bars), FadeIn(steps[0]), run_time=0.8)
        for dx, step in zip((0.25, 0.1, 0.05), steps[1:]):
            finer = axes.get_riemann_rectangles(curve, x_range=[0, 2], dx=dx, fill_opacity=0.6)
            self.play(Transform(bars, finer), FadeIn(step, shift=UP * 0.2), run_time=1)
            self.wait(0.7)
        answer = Text("Area = 8/3", font_size=40, color=YELLOW).next_to(steps, DOWN, buff=0.7)
        self.play(FadeIn(answer), Create(SurroundingRectangle(answer, buff=0.25)), run_time=0.8)
        self.wait(1.5)
