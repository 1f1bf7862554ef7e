"""What models, and people who learnt another Manim, get wrong: found in the tree, mended in the text.

One file for each subject; each has a ``check(code)`` that yields findings. A finding with a fix is mended
mechanically in code that a model wrote; in a person's own code it is told, and mended when they ask for it.
"""
