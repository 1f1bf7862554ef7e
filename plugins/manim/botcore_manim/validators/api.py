"""Does the code use Manim as it is installed here?"""

from __future__ import annotations

import asyncio
from pathlib import Path

from botcore.model import Finding, Source
from botcore_manim.api import load_index
from botcore_manim.habits.all import examine
from botcore_manim.validators.parsing import Unparsable


class ApiValidator:
    """Findings about names, members, arguments and set-ups, most of them with a fix.

    ``folder``: where the description of the installed Manim is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def validate(self, source: Source) -> list[Finding]:
        """See :class:`botcore.ports.Validator`. Code that does not parse is left to the other validators, and
        what an exact provider wrote is not judged: nobody waits for Manim to be described to draw that."""
        if source.checked:
            return []
        index = await load_index(self._folder)
        if index is None:
            return []
        try:
            return await asyncio.to_thread(examine, source.code, index)
        except Unparsable:
            return []
