"""From a solution to a lesson: ``beats`` happen on screen, ``writer`` turns them into Manim code."""
