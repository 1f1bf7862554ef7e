"""Four hundred small figures that appear, ripple and change colour."""

import numpy as np
from manim import *


class ManyMobjects(Scene):
    def construct(self):
        dots = VGroup(
            *(
                (Square if (row + column) % 3 else Circle)(0.14, fill_opacity=0.8, stroke_width=1).move_to(
                    [0.5 * column - 6, 0.5 * row - 3.4, 0]
                )
                for row in range(15)
                for column in range(25)
            )
        )
        dots.set_color_by_gradient(BLUE, GREEN, YELLOW)
        self.play(LaggedStart(*(FadeIn(d, scale=0.5) for d in dots), lag_ratio=0.004), run_time=2)
        self.play(dots.animate.scale(0.85), run_time=1)
        self.play(
            *(d.animate.shift(0.3 * UP * np.sin(d.get_x())) for d in dots),
            run_time=2,
        )
        self.wait(1)
        self.play(dots.animate.set_color(RED), run_time=1)
        self.play(Rotate(dots, PI / 2), run_time=1)
        self.play(FadeOut(dots, lag_ratio=0.01), run_time=1)
