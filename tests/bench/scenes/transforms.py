"""Plane figures turning into one another: create, transform, rotate, move along a path, fade."""

from manim import *


class Transforms(Scene):
    def construct(self):
        figures = [
            Circle(radius=1.6, color=BLUE, fill_opacity=0.5),
            Square(3, color=GREEN, fill_opacity=0.5),
            Star(7, outer_radius=1.9, color=YELLOW, fill_opacity=0.5),
            RegularPolygon(5, color=RED, fill_opacity=0.5).scale(1.8),
            Annulus(inner_radius=0.8, outer_radius=1.8, color=PURPLE),
        ]
        figure = figures[0].copy()
        label = Text("transform", font_size=36).to_edge(DOWN)
        self.play(Create(figure), FadeIn(label))
        for target in figures[1:]:
            self.play(Transform(figure, target), run_time=1)
            self.play(Rotate(figure, PI / 3), run_time=0.6)
        path = Arc(radius=2.5, start_angle=PI, angle=-PI)
        self.play(figure.animate.scale(0.4).move_to(path.get_start()))
        self.play(MoveAlongPath(figure, path), run_time=1.6)
        row = VGroup(*(f.copy().scale(0.45) for f in figures)).arrange(RIGHT, buff=0.6)
        self.play(LaggedStart(*(GrowFromCenter(f) for f in row), lag_ratio=0.3), FadeOut(figure))
        self.play(row.animate.arrange(DOWN, buff=0.15).scale(0.7), label.animate.set_color(YELLOW))
        self.play(FadeOut(row), FadeOut(label))
