"""An explanation that mostly stands still: paragraphs, bullets, long pauses to read."""

from manim import *


class Explanation(Scene):
    def construct(self):
        title = Text("Why is the area a limit of sums?", font_size=44).to_edge(UP)
        rule = Line(LEFT * 6, RIGHT * 6, color=BLUE).next_to(title, DOWN, buff=0.2)
        self.play(FadeIn(title), Create(rule), run_time=1)
        self.wait(1.5)
        bullets = VGroup(
            *(
                Text(line, font_size=30)
                for line in (
                    "• Cut the interval into n equal pieces.",
                    "• Put a rectangle over each of them.",
                    "• Add the areas of all the rectangles.",
                    "• Let n grow: the sum settles on one number.",
                )
            )
        ).arrange(DOWN, aligned_edge=LEFT, buff=0.5)
        bullets.next_to(rule, DOWN, buff=0.7)
        for bullet in bullets:
            self.play(FadeIn(bullet, shift=RIGHT * 0.3), run_time=0.6)
            self.wait(1.6)
        self.play(bullets[-1].animate.set_color(YELLOW), run_time=0.6)
        self.wait(2)
