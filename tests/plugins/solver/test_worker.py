"""The worker process: killed when it takes too long, replaced when it dies, never in the way of the loop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from botcore_solver.worker.client import Worker, WorkerLost

QUICK = "solve x^2 - 5x + 6 = 0"


@pytest_asyncio.fixture
async def worker() -> AsyncIterator[Worker]:
    async with Worker(seconds=30) as one:
        yield one


async def test_it_answers_with_a_scene(worker: Worker) -> None:
    reply = await worker.ask(QUICK)
    assert (reply.status, reply.answer) == ("answered", "{2, 3}")
    assert "class Answer(Lesson)" in reply.scene


async def test_a_problem_out_of_time_is_an_abstention_and_the_next_is_solved(worker: Worker) -> None:
    await worker.ask(QUICK)
    late = await worker.ask("plot sin(x)/x + cos(x^2)", seconds=0.001)
    assert (late.status, bool(late.advice)) == ("abstained", True)
    assert (await worker.ask(QUICK)).answer == "{2, 3}"


async def test_the_loop_runs_on_while_a_problem_is_solved(worker: Worker) -> None:
    await worker.ask(QUICK)
    turns = 0
    question = asyncio.ensure_future(worker.ask("plot x sin(x) + cos(3x)"))
    while not question.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 50
    assert (await question).status == "answered"


async def test_a_cancelled_question_leaves_no_work_behind(worker: Worker) -> None:
    await worker.ask(QUICK)
    question = asyncio.ensure_future(worker.ask("plot x sin(x) + cos(3x)"))
    await asyncio.sleep(0)
    question.cancel()
    with pytest.raises(asyncio.CancelledError):
        await question
    assert (await worker.ask(QUICK)).answer == "{2, 3}"


async def test_a_dead_worker_is_told_and_replaced(worker: Worker) -> None:
    await worker.ask(QUICK)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGSTOP)
    question = asyncio.ensure_future(worker.ask(QUICK))
    await asyncio.sleep(0)
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(WorkerLost):
        await question
    assert (await worker.ask(QUICK)).answer == "{2, 3}"


async def test_questions_side_by_side_get_their_own_answers(worker: Worker) -> None:
    replies = await asyncio.gather(*(worker.ask(f"{n} + {n}") for n in range(12)))
    assert [reply.answer for reply in replies] == [str(2 * n) for n in range(12)]


async def test_closing_ends_the_process() -> None:
    async with Worker(seconds=5) as one:
        await one.ask("1 + 1")
        pid = one.pid
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
