"""A shaded surface with axes under a turning camera."""

import numpy as np
from manim import *


class Surface3D(ThreeDScene):
    def construct(self):
        axes = ThreeDAxes(x_range=[-3, 3], y_range=[-3, 3], z_range=[-2, 2])
        surface = Surface(
            lambda u, v: axes.c2p(u, v, np.sin(u) * np.cos(v)),
            u_range=[-2.5, 2.5],
            v_range=[-2.5, 2.5],
            resolution=(12, 12),
            checkerboard_colors=[BLUE_D, BLUE_E],
        )
        title = Text("z = sin x · cos y", font_size=36).to_corner(UL)
        self.add_fixed_in_frame_mobjects(title)
        self.set_camera_orientation(phi=60 * DEGREES, theta=-60 * DEGREES)
        self.play(Create(axes), run_time=1)
        self.play(FadeIn(surface), run_time=1)
        self.begin_ambient_camera_rotation(rate=0.3)
        self.wait(3)
        self.stop_ambient_camera_rotation()
        self.move_camera(phi=30 * DEGREES, theta=-90 * DEGREES, run_time=2)
        self.wait(1.5)
