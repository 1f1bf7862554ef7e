"""What a job can do to those beside it: the bot, its zygote, other jobs, and the machine they share."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from botcore.errors import RenderOutputFlood, VideoInvalid
from tests.security.test_host_survives import _below, _until_a_job_runs

if TYPE_CHECKING:
    from tests.security.conftest import Arena

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _first_to_go(pid: int) -> int:
    return int(Path(f"/proc/{pid}/oom_score_adj").read_text())


async def test_a_machine_without_memory_or_time_takes_it_from_jobs_first(arena: Arena) -> None:
    zygote = await arena.zygote()
    idle = _below(zygote.pid)
    drawing = asyncio.ensure_future(arena.attack("import time\nwhile True: time.sleep(0.01)"))
    await _until_a_job_runs(zygote.pid, idle)
    job = next(pid for pid in _below(zygote.pid) - idle if not psutil.Process(pid).children())
    async with asyncio.timeout(60):
        while _first_to_go(job) != 1000 or psutil.Process(job).nice() < 10:  # noqa: ASYNC110  # no bell rings
            await asyncio.sleep(0.01)
    assert _first_to_go(zygote.pid) == _first_to_go(psutil.Process().pid)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing


def _writable_and_shared(pid: int) -> list[str]:
    try:
        mappings = Path(f"/proc/{pid}/maps").read_text().splitlines()
    except FileNotFoundError:  # the supervisor of an earlier job, on its way out
        return []
    return [line for line in mappings if line.split()[1].startswith("rw") and line.split()[1].endswith("s")]


async def test_a_zygote_shares_no_memory_that_a_job_could_write(arena: Arena) -> None:
    zygote = await arena.zygote()
    assert not [line for pid in _below(zygote.pid) for line in _writable_and_shared(pid)]


@pytest.mark.parametrize("descriptor", [1, 2, 3])
async def test_a_byte_at_a_time_is_a_flood_soon(arena: Arena, descriptor: int) -> None:
    zygote = await arena.zygote()
    with pytest.raises(RenderOutputFlood):
        await arena.attack(f"import os\nwhile True: os.write({descriptor}, b'x')")
    await arena.assert_untouched(zygote)


_GIF = r"b'GIF89a' + bytes.fromhex('{size}80000000000000ffffff')"
_PICTURE = r"bytes.fromhex('2c00000000{size}000202440100')"
_HUGE, _SMALL = "ffffffff", "01000100"

FILES = {
    "a picture of 65535 by 65535": f"{_GIF.format(size=_HUGE)} + {_PICTURE.format(size=_HUGE)} + b';'",
    "a million pictures": f"{_GIF.format(size=_SMALL)} + {_PICTURE.format(size=_SMALL)} * 1_000_000 + b';'",
    "boxes in boxes": "b''.join((8 * (5000 - n)).to_bytes(4, 'big') + b'moov' for n in range(5000))",
    "a box without an end": "b'\\0\\0\\0\\x18ftypisom' + bytes(12) + b'\\0\\0\\0\\1moov' + b'@' * 99",
    "a picture that is no video": "bytes.fromhex('89504e470d0a1a0a0000000d49484452') + b'~' * 8 + bytes(9)",
}


@pytest.mark.parametrize("name", FILES)
async def test_a_file_made_to_exhaust_a_decoder_is_refused(arena: Arena, name: str) -> None:
    zygote = await arena.zygote()
    body = f"import os\ndata = {FILES[name]}\nwhile data: data = data[os.write(4, data):]\nos._exit(0)"
    with pytest.raises(VideoInvalid):
        await arena.attack(body)
    await arena.assert_untouched(zygote)


async def test_a_video_of_far_larger_pictures_than_asked_for_is_refused(arena: Arena) -> None:
    zygote = await arena.zygote()
    body = """
from pathlib import Path
from botcore_manim.inside.encoding import Held
from botcore_manim.inside.picture import Watcher
size = (4112, 4112)
stream = Held(Path('/tmp/large.mp4'), size, 60, 10 ** 8)
stream.write(Watcher(*size).see(np.zeros((*size, 4), np.uint8)), 500)
stream.close()
import os
data = Path('/tmp/large.mp4').read_bytes()
while data: data = data[os.write(4, data):]
os._exit(0)
"""
    with pytest.raises(VideoInvalid, match="4112"):
        await arena.attack(body.strip())
    await arena.assert_untouched(zygote)
