"""From a person's words to a typed expression, in plain Python: nothing here imports SymPy.

``phrasebook`` (other languages → English) → ``normalise`` (one spelling for everything) →
``sentence`` (courtesies off, typos mended) → the ``read`` of a problem class (its phrases) → ``tokens`` →
``parser`` (a :mod:`~botcore_solver.reading.syntax` tree).
Whatever is not understood to the last word raises :class:`~botcore_solver.reading.unreadable.Unreadable`.
"""
