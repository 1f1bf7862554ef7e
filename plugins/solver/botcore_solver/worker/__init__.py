"""Solving in a process of its own: the bot's event loop never waits for SymPy, and what hangs is killed."""
