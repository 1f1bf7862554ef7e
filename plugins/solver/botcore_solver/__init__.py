"""Exact answers: reads a problem, solves it with SymPy, checks it, writes a lesson about it."""
