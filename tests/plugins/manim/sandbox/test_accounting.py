"""What a job cost is added up by the kernel: operators and ``make bench`` read it from the process tree."""

from __future__ import annotations

from botcore_manim.renderer import job_limits
from botcore_manim.sandbox.host import Launch, Zygote
from botcore_manim.sandbox.memory_file import memory_file
from botcore_manim.sandbox.wire import Kind
from botcore_manim.settings import ManimConfig
from botcore_manim.spec import JobSpec

from botcore.model import RenderOptions
from tests.bench.cpu import tree_cpu

BUSY = """
class Busy(Scene):
    def construct(self):
        sum(n * n for n in range(5_000_000))
        self.wait(0.1)
"""


async def test_the_cpu_of_a_job_is_in_the_tree_of_the_bot_once_it_has_ended() -> None:
    config = ManimConfig()
    spec = JobSpec.of(RenderOptions(), None, 1 << 20)
    zygote = await Zygote.start(Launch(uid=config.uid))
    try:
        before = tree_cpu()
        with memory_file(f"{spec.to_json()}\n{BUSY}".encode()) as payload, memory_file() as result:
            limits = job_limits(config, wall=60.0, file_bytes=1 << 20)
            outcome = await zygote.run(Kind.RENDER, limits, payload=payload, result=result)
        assert outcome.ended.cpu > 0.1
        assert tree_cpu() - before > 0.9 * outcome.ended.cpu
    finally:
        await zygote.close()
