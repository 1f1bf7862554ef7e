"""What a language model is told about Manim, and how its answer is read."""

from botcore_manim.prompt.writing import write_prompt

__all__ = ["write_prompt"]
