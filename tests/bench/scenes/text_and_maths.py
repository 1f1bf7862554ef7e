"""A worked quadratic, written line by line: text, transforms of text, highlights, short pauses."""

from manim import *


class TextAndMaths(Scene):
    def construct(self):
        title = Text("Solve x² − 5x + 6 = 0", font_size=52).to_edge(UP)
        self.play(Write(title), run_time=1.5)
        self.wait(0.5)
        lines = VGroup(
            Text("x² − 5x + 6 = 0", font_size=40),
            Text("(x − 2)(x − 3) = 0", font_size=40),
            Text("x − 2 = 0   or   x − 3 = 0", font_size=40),
            MarkupText("x = <b>2</b>   or   x = <b>3</b>", font_size=44, color=YELLOW),
        ).arrange(DOWN, buff=0.6, aligned_edge=LEFT)
        lines.next_to(title, DOWN, buff=0.8)
        self.play(FadeIn(lines[0], shift=UP * 0.3))
        for before, after in zip(lines, lines[1:]):
            self.play(TransformFromCopy(before, after), run_time=1.2)
            self.wait(0.6)
        box = SurroundingRectangle(lines[-1], color=GREEN, buff=0.2)
        self.play(Create(box), run_time=0.8)
        self.play(Indicate(lines[-1]))
        self.wait(1)
