"""The committed answers replay through the real validators, fixes, repairs and sandbox, without a network."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from botcore.evaluation import Plan, Question, Way, evaluate
from botcore.hooks.descriptors import RendererDescriptor
from botcore.testing.model_server import KEY, Fails, ModelServer, Says
from botcore.testing.samples import make_prompt
from tests.core.surface import host_of, settings_for, small_parts
from tests.e2e.conftest import Machine
from tests.e2e.test_pictures import provider_of

QUESTION = Question(id="one", text="draw me a circle, please")
FOLDER = Path(__file__).parents[1] / "eval"
COMMAND = ("eval", str(FOLDER / "prompts.toml"), "--replay", str(FOLDER / "recorded"))


@pytest.mark.parametrize("name", ["openai", "gemini"])
async def test_a_real_provider_is_recorded_with_its_words_and_counts_and_without_its_key(
    tmp_path: Path, name: str
) -> None:
    settings, folder = settings_for(tmp_path), tmp_path / "recorded"
    parts = [
        replace(part, prompt=make_prompt) if isinstance(part, RendererDescriptor) else part
        for part in small_parts()
    ]
    async with ModelServer() as models:
        models.say(Fails(503, headers={"retry-after": "0"}), Says(text="draw a circle", asked=70, answered=5))
        host = host_of(settings, provider_of(models, name), parts=parts)
        plan = Plan((QUESTION,), (name,), record=folder)
        report = await evaluate(settings, host, plan, asyncio.Event(), lambda _result: None)
    assert [result.way for result in report.results] == [Way.FIRST_TRY]
    (path,) = (folder / name).iterdir()
    text = path.read_text()
    record = json.loads(text)
    assert (record["answer"], record["input_tokens"], record["output_tokens"]) == ("draw a circle", 70, 5)
    assert (record["number"], record["error"], len(record["digest"])) == (1, "", 16)
    assert KEY not in text
    assert "127.0.0.1" not in text


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_recorded_answers_all_become_videos_and_the_figures_say_how(machine: Machine) -> None:
    done = machine.run(*COMMAND, "--min-rate", "1", "--json", "--out", "report.json", seconds=600)
    assert done.code == 0, done.err
    report = done.json
    ways = {result["question"]: result["way"] for result in report["results"]}
    assert {name for name, way in ways.items() if way == "repaired"} >= {"limit", "linear", "binomial"}
    assert set(ways.values()) == {"first_try", "repaired"}
    failures = {result["question"]: result["failures"] for result in report["results"]}
    assert failures["linear"] == ["answer_wrong"], "the solver found that 7 is no solution"
    figures = report["providers"]["sample"]
    assert (figures["questions"], figures["rendered"], figures["wrong"]) == (12, 1.0, 0)
    assert figures["right"] >= 9
    mended = {result["question"]: result["fixes"] for result in report["results"]}
    assert mended["circle-area"] >= 3
    assert report["replay"]["missing"] == []
    assert (machine.folder / "report.json").is_file()


@pytest.mark.slow
def test_interrupted_it_tells_what_is_done_and_leaves_nothing_running(machine: Machine) -> None:
    process = machine.start(*COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        while first and not first.startswith(b"1/12"):
            first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 1
    assert b"stopped before the end" in err
    assert b"sample" in out
