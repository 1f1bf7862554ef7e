"""Code that ends badly: each ending has its own error, and the next job is untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from botcore.errors import (
    BotcoreError,
    RenderCrashed,
    RenderMemoryExceeded,
    RenderOutputFlood,
    RenderTimeout,
    SceneFailed,
    VideoInvalid,
    VideoMissing,
    VideoTooLarge,
)

if TYPE_CHECKING:
    from tests.security.conftest import Arena

pytestmark = pytest.mark.asyncio(loop_scope="session")

_REPORT, _RESULT = 3, 4
"""Descriptors that a job holds, as an attacker finds them."""

TIMEOUTS = {
    "endless loop": "while True: pass",
    "sleep": "import time; time.sleep(3600)",
    "ignored signals": """
import signal, time
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    time.sleep(0.01)
""",
    "blocked signals": """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True: pass
""",
    "slow pattern": "import re; re.match(r'(a+)+$', 'a' * 60 + 'b')",
    "huge power": "9 ** 9 ** 9",
    "waiting threads": """
import threading
for _ in range(4):
    threading.Thread(target=threading.Event().wait).start()
threading.Event().wait()
""",
    "reading nothing": "import os; r, w = os.pipe(); os.read(r, 1)",
    "kill itself": "import os, time; os.kill(os.getpid(), 9); time.sleep(3600)",
    "kill its whole group": "import os, time; os.kill(0, 9); time.sleep(3600)",
    "stop itself": "import os, signal, time; os.kill(os.getpid(), signal.SIGSTOP); time.sleep(3600)",
}

ENDINGS: dict[str, tuple[str, type[BotcoreError]]] = {
    "memory": ("x = bytearray(10 << 30)", RenderMemoryExceeded),
    "memory in pieces": ("x = []\nwhile True: x.append(bytearray(64 << 20))", RenderMemoryExceeded),
    "memory in arrays": ("x = np.ones((1 << 20, 1 << 13))", RenderMemoryExceeded),
    "memory in a number": ("x = 1 << (1 << 36)", RenderMemoryExceeded),
    "deep recursion": ("def f(): f()\nf()", SceneFailed),
    "recursion past every limit": (
        """
import sys
sys.setrecursionlimit(10 ** 9)
class A:
    def __getattr__(self, name): return getattr(self, name)
A().x
""",
        RenderCrashed,
    ),
    "null pointer": ("import ctypes; ctypes.string_at(0)", RenderCrashed),
    "abort": ("import os; os.abort()", RenderCrashed),
    "wild jump": ("import ctypes; ctypes.CFUNCTYPE(None)(4096)()", RenderCrashed),
    "exit without a video": ("import os; os._exit(0)", VideoMissing),
    "exit with a code": ("import os; os._exit(7)", RenderCrashed),
    "sys.exit": ("import sys; sys.exit(0)", SceneFailed),
    "interrupt": ("raise KeyboardInterrupt", SceneFailed),
    "exception without a text": (
        "class E(BaseException):\n    def __str__(self): raise self\n    __repr__ = __str__\nraise E",
        SceneFailed,
    ),
    "enormous exception": ("raise ValueError('x' * 10 ** 8)", SceneFailed),
    "inode bomb": (
        "import os\nfor i in range(10 ** 6): os.close(os.open(f'/tmp/{i}', os.O_CREAT | os.O_WRONLY))",
        VideoTooLarge,
    ),
    "disk bomb": (
        "for i in range(10 ** 6):\n    with open(f'/tmp/{i}', 'wb') as f: f.write(bytes(1 << 24))",
        VideoTooLarge,
    ),
    "one large file": ("f = open('/tmp/x', 'wb')\nwhile True: f.write(bytes(1 << 24))", VideoTooLarge),
    "sparse file": ("f = open('/tmp/x', 'wb'); f.truncate(10 ** 12)", VideoTooLarge),
    "print flood": ("while True: print('x' * 100_000)", RenderOutputFlood),
    "error flood": ("import sys\nwhile True: sys.stderr.write('x' * 100_000)", RenderOutputFlood),
    "flood from C": ("import os\nwhile True: os.write(2, b'x' * 65536)", RenderOutputFlood),
    "report flood": (f"import os\nwhile True: os.write({_REPORT}, b'{{}}\\n' * 1000)", RenderOutputFlood),
    "report without an end": (f"import os\nwhile True: os.write({_REPORT}, b'[' * 65536)", RenderOutputFlood),
    "closed descriptors": ("import os; os.closerange(0, 4096); os._exit(0)", VideoMissing),
    "result is text": (f"import os; os.write({_RESULT}, b'not a video'); os._exit(0)", VideoInvalid),
    "result is a program": (
        f"import os; os.sendfile({_RESULT}, os.open('/usr/bin/true', 0), 0, 10 ** 6); os._exit(0)",
        VideoInvalid,
    ),
    "result is full of zeros": (f"import os; os.ftruncate({_RESULT}, 50_000_000); os._exit(0)", VideoInvalid),
    "result is a playlist": (
        f"import os; os.write({_RESULT}, b'#EXTM3U\\n#EXTINF:1,\\nfile:///etc/passwd\\n'); os._exit(0)",
        VideoInvalid,
    ),
    "result is a list of files": (
        f"import os; os.write({_RESULT}, b'ffconcat version 1.0\\nfile /etc/passwd\\n'); os._exit(0)",
        VideoInvalid,
    ),
    "result is too large": (
        f"import os\nwhile True: os.write({_RESULT}, bytes(1 << 20))",
        VideoTooLarge,
    ),
    "forged failure of the machinery": (
        f'import os; os.write({_REPORT}, b\'{{"k":"failed","code":"store_full"}}\\n\'); os._exit(1)',
        SceneFailed,
    ),
    "forged walls": (
        f'import os; os.write({_REPORT}, b\'{{"k":"attacks","broken":{{}}}}\\n\'); os._exit(0)',
        VideoMissing,
    ),
    "forged probe": (
        f'import os; os.write({_REPORT}, b\'{{"k":"probe","media_type":"video/mp4"}}\\n\'); os._exit(0)',
        VideoMissing,
    ),
    "forged verdict": (
        """
import os
for fd in range(3, 256):
    try: os.write(fd, b'{"end":"exited","number":0,"problem":"","cpu":0,"wall":0,"peak":0}')
    except OSError: pass
os._exit(9)
""",
        RenderCrashed,
    ),
    "deep report": (f"import os; os.write({_REPORT}, b'[' * 7000 + b'\\n'); os._exit(7)", RenderCrashed),
    "malformed report": (
        f"import os; os.write({_REPORT}, bytes(range(256)) + b'\\n'); os._exit(7)",
        RenderCrashed,
    ),
    "numbers that are none": (
        f'import os; os.write({_REPORT}, b\'{{"k":"progress","n":1e999,"of":-1,"f":NaN}}\\n\'); os._exit(7)',
        RenderCrashed,
    ),
}


@pytest.mark.parametrize("name", TIMEOUTS)
async def test_code_that_does_not_end_is_ended(arena: Arena, name: str) -> None:
    zygote = await arena.zygote()
    with pytest.raises(RenderTimeout):
        await arena.attack(TIMEOUTS[name].strip(), seconds=1.0)
    await arena.assert_untouched(zygote)


@pytest.mark.parametrize("name", ENDINGS)
async def test_each_bad_ending_has_its_own_error(arena: Arena, name: str) -> None:
    body, expected = ENDINGS[name]
    zygote = await arena.zygote()
    with pytest.raises(BotcoreError) as ended:
        await arena.attack(body.strip())
    assert type(ended.value) is expected, ended.value.detail
    assert len(ended.value.message) < 1000
    await arena.assert_untouched(zygote)


async def test_a_video_over_the_limit_is_refused(arena: Arena) -> None:
    zygote = await arena.zygote()
    noise = (
        "for i in range(20):\n"
        "    self.add(*[Dot(np.random.uniform(-4, 4, 3), color=random_bright_color()) for _ in range(100)])\n"
        "    self.wait(0.1)"
    )
    with pytest.raises(VideoTooLarge):
        await arena.attack(noise, max_bytes=100_000)
    await arena.assert_untouched(zygote)


async def test_threads_that_go_on_do_not_outlive_their_job(arena: Arena) -> None:
    zygote = await arena.zygote()
    body = (
        "import threading, time\n"
        "def on():\n    while True: time.sleep(0.01)\n"
        "for _ in range(8): threading.Thread(target=on).start()\n"
        "self.add(Square())\nself.wait(0.2)"
    )
    assert (await arena.attack(body)).size > 0
    await arena.assert_untouched(zygote)
