"""Is the answer that somebody else states the exact one?

``stated`` reads it (a typed tree, nothing is evaluated as Python), ``verdict`` compares it in the worker,
``validator`` is what the core asks.
"""
