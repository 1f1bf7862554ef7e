"""What comes back from the worker, and its JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """A solved or an abstained problem. ``advice`` goes with ``abstained``, all else with the others."""

    status: str
    kind: str | None = None
    answer: str | None = None
    answer_text: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    """(LaTeX, reason) of each line."""
    scene: str = ""
    advice: str = ""
    verdict: str = ""
    """Where an answer was to be compared: right, wrong or unknown."""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Reply:
        fields = json.loads(text)
        fields["steps"] = tuple((tex, why) for tex, why in fields["steps"])
        return cls(**fields)
