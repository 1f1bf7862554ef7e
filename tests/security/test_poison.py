"""What one job changes, no other job sees; what one job held, no other job finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.security.conftest import Arena

pytestmark = pytest.mark.asyncio(loop_scope="session")

POISONS = {
    "a changed class": "Scene.poisoned = True",
    "a changed module": "import sys; sys.poisoned = True",
    "a changed environment": "import os; os.environ['poisoned'] = '1'",
    "a file left in scratch": "open('/tmp/left', 'w').write('x')",
    "a marked object": "global keep; keep = {'mark': 'left-by-an' + '-attack'}",
    "a broken square": "import manim; manim.Square.__init__ = lambda self: 1 / 0; Square = Dot",
    "a broken render": "Scene.render = lambda self: None",
    "a broken exit": "import os; os._exit = lambda code: None",
    "a broken import": "import builtins; builtins.__import__ = None",
    "a broken built-in": "import builtins; builtins.len = lambda x: 0",
    "no modules": "import sys; sys.modules.clear()",
    "another folder": "import os; os.mkdir('/tmp/deep'); os.chdir('/tmp/deep')",
    "no umask": "import os; os.umask(0o777)",
    "a shut collector": "import gc; gc.disable(); gc.freeze()",
    "a trace of every line": "import sys; sys.settrace(lambda *a: None)",
    "an alarm": "import signal; signal.alarm(1)",
    "closed streams": "import sys; sys.stdout.close(); sys.stderr.close()",
    "a changed configuration": "config.frame_rate = 1; config.pixel_width = 2",
    "changed randomness": "import random; random.seed(1); np.random.seed(1)",
}


@pytest.mark.parametrize("name", POISONS)
async def test_the_next_job_is_as_if_nothing_had_been(arena: Arena, name: str) -> None:
    """Whether the poisoned job itself ends well does not matter here."""
    zygote = await arena.zygote()
    outcome = await arena.outcome(POISONS[name] + "\nself.add(Dot())\nself.wait(0.1)")
    assert outcome != "renderer_unavailable"
    await arena.assert_untouched(zygote)


async def test_a_source_is_nowhere_in_the_memory_of_the_next_job(arena: Arena) -> None:
    """Every text that its interpreter holds is read; its own needle is put together at run time."""
    await arena.attack(
        "note = 'left-in-' + 'memory'\nself.secret = note * 50\nself.add(Dot())\nself.wait(0.1)"
    )
    scan = """
import gc
needle = ''.join(['left-in', '-memory']) * 2
texts = [o for o in gc.get_objects() if isinstance(o, (dict, list, tuple))]
found = 0
for o in texts:
    for value in (o.values() if isinstance(o, dict) else o):
        if isinstance(value, str) and needle in value:
            found += 1
if found:
    raise RuntimeError(f'BREACH {found}')
self.add(Dot())
self.wait(0.1)
"""
    assert await arena.outcome(scan.strip()) == "ok"
