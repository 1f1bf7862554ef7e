"""Zygotes with small workloads of their own, so that one part of the sandbox can be looked at, or broken."""

from __future__ import annotations

import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from botcore_manim.sandbox.host import Launch, Zygote
from botcore_manim.settings import ManimConfig

StartZygote = Callable[[str], Awaitable[Zygote]]

_WORKLOAD = """
from pathlib import Path

def warm(latex):
    pass

def run_scene(spec, source, report):
    names = {"spec": spec, "report": report, "Path": Path}
    exec(source, names)
    return names["video"]

def probe(video_fd, thumb_fd):
    return {}
"""


@pytest_asyncio.fixture
async def start_zygote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StartZygote]:
    """Start a zygote whose workload executes sources as they are; the given code runs while it warms up."""
    # folders of this name on the import path are shown inside
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    async with AsyncExitStack() as stack:

        async def start(warming: str = "pass") -> Zygote:
            body = textwrap.indent(textwrap.dedent(warming).strip(), "    ")
            (folder / "small_workload.py").write_text(_WORKLOAD.replace("    pass\n", body + "\n", 1))
            for path, mode in ((folder, 0o755), (folder / "small_workload.py", 0o644)):
                path.chmod(mode)  # whoever runs inside is another user, whatever our umask is
            zygote = await Zygote.start(Launch(uid=ManimConfig().uid, workload="small_workload"))
            stack.push_async_callback(zygote.close)
            return zygote

        yield start
