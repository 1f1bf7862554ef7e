"""A camera that zooms into one part of a number plane and follows a dot."""

import numpy as np
from manim import *


class MovingCamera(MovingCameraScene):
    def construct(self):
        plane = NumberPlane(background_line_style={"stroke_opacity": 0.4})
        curve = FunctionGraph(lambda x: np.sin(x) + 0.3 * np.sin(3 * x), x_range=[-6, 6], color=YELLOW)
        label = Text("a wave", font_size=36).next_to(curve, UP, buff=1)
        self.play(FadeIn(plane), run_time=0.8)
        self.play(Create(curve), Write(label), run_time=1.5)
        self.camera.frame.save_state()
        dot = Dot(curve.get_start(), color=RED)
        self.play(self.camera.frame.animate.set(width=6).move_to(dot), FadeIn(dot), run_time=1)
        self.camera.frame.add_updater(lambda frame: frame.move_to(dot))
        self.play(MoveAlongPath(dot, curve), run_time=3, rate_func=linear)
        self.camera.frame.clear_updaters()
        self.play(Restore(self.camera.frame), run_time=1)
        self.wait(1)
