"""What can be said of Manim code without running it."""
