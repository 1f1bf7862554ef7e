"""Imports that cannot do their work where scenes are drawn.

For a clear message before any drawing. Nothing is forbidden by it: the sandbox is the wall, and what it does
not allow fails there however it is written.
"""

from __future__ import annotations

import ast
import asyncio

from botcore.model import Finding, Severity, Source
from botcore_manim.validators.parsing import Unparsable, parse, statements

_NETWORK = "there is no network where scenes are drawn"
_PROGRAMS = "no other program can be started where scenes are drawn"
_WINDOW = "there is no screen where scenes are drawn"

_REASONS = {
    **dict.fromkeys(
        ("aiohttp", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "urllib3"), _NETWORK
    ),
    **dict.fromkeys(("multiprocessing", "pty", "subprocess"), _PROGRAMS),
    **dict.fromkeys(("pygame", "pyglet", "tkinter", "turtle"), _WINDOW),
}


class ImportValidator:
    """One warning for each module that will not work."""

    async def validate(self, source: Source) -> list[Finding]:
        """See :class:`botcore.ports.Validator`."""
        return await asyncio.to_thread(self._findings, source)

    def _findings(self, source: Source) -> list[Finding]:
        try:
            tree = parse(source.code)
        except Unparsable:
            return []
        found: dict[str, Finding] = {}
        for node in statements(tree):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                modules = [node.module]
            else:
                continue
            for module in modules:
                reason = _REASONS.get(module.partition(".")[0])
                if reason is not None and module not in found:
                    message = f"import {module}: {reason}"
                    found[module] = Finding(
                        Severity.WARNING, "import_useless", message, node.lineno, node.col_offset + 1
                    )
        return list(found.values())
