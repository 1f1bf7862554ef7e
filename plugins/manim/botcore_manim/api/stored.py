"""The index of the installed Manim, from a file of the plugin's folder, or collected first."""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from botcore.telemetry import get_logger
from botcore_manim.api.index import ApiIndex

_FORMAT = 4
"""Part of the file's name: raise it when what is collected changes."""
_PARTS = frozenset({"version", "names", "lesson", "classes", "loose", "functions", "modules", "config",
                    "installed", "packages"})  # fmt: skip
_SECONDS = 60.0

log = get_logger(__name__)
_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
_loaded: dict[Path, ApiIndex] = {}


async def load_index(folder: Path) -> ApiIndex | None:
    """The index kept in ``folder``; None when Manim cannot be described, which is logged.

    The first time after Manim was installed or changed it is collected in a process of its own (some
    seconds); later it is read (some milliseconds), once per process.
    """
    # the lesson kit is described too
    versions = [importlib.metadata.version(name) for name in ("manim", "botcore-manim")]
    path = folder / f"api-{_FORMAT}-{'-'.join(versions)}.json"
    # one lock for each loop: a lock belongs to the loop that first waited for it
    async with _locks.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        if path not in _loaded:
            index = await asyncio.to_thread(_read, path)
            if index is None:
                text = await _collect()
                index = None if text is None else await asyncio.to_thread(_index, text)
                if text is None or index is None:
                    return None
                await asyncio.to_thread(_keep, path, text)
            _loaded[path] = index
        return _loaded[path]


def loaded_index() -> ApiIndex | None:
    """The index where this process has it already; it never waits."""
    return next(iter(_loaded.values()), None)


def _read(path: Path) -> ApiIndex | None:
    """What the file holds if it is whole."""
    with suppress(OSError, ValueError):
        return _index(path.read_text("utf-8"))
    return None


def _index(text: str) -> ApiIndex | None:
    """The index in a text; None for what is no description of Manim."""
    with suppress(ValueError):
        raw = json.loads(text)
        if isinstance(raw, dict) and raw.keys() >= _PARTS:
            return ApiIndex(raw)
    return None


async def _collect() -> str | None:
    with tempfile.TemporaryDirectory() as home:
        # a home of its own: the settings of a person's Manim are none of ours
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "botcore_manim.api.collect",
            cwd=home,
            env={"PATH": os.environ.get("PATH", ""), "HOME": home, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(_SECONDS):
                out, err = await process.communicate()
        except TimeoutError:
            log.warning("api_not_collected", why=f"no answer in {_SECONDS:.0f} s")
            return None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode != 0:
        log.warning("api_not_collected", why=err.decode(errors="replace")[-300:])
        return None
    return out.decode()


def _keep(path: Path, text: str) -> None:
    """Whole or not at all, whoever else writes it; a folder that cannot be written costs seconds, no more."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
