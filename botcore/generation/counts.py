"""What a provider says that a call used, as far as it can be true."""

from __future__ import annotations

import math

from botcore.model import Spending

_TOKENS = 10**12
"""More than any call: sums of less fit the columns."""
_USD = 1e9


def spending(tokens: object, cost: object) -> Spending | None:
    """What a plugin counted; None where that is no count. One such number in an account, and its budget is
    never used up, or for ever; and one database takes it, the other does not."""
    if not isinstance(tokens, int) or not 0 <= tokens < _TOKENS:
        return None
    if not isinstance(cost, int | float) or not math.isfinite(cost) or not 0 <= cost < _USD:
        return None
    return Spending(tokens, float(cost))


def spending_of(asked: object, answered: object, cost: object) -> Spending | None:
    """Like :func:`spending`, of tokens that were asked and answered."""
    question, answer = spending(asked, cost), spending(answered, 0.0)
    return None if question is None or answer is None else question + answer
