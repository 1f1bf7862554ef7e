"""How a result is put into formulas and steps: typesetting, and the rules of algebra and calculus by name."""
