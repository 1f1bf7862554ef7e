"""The bad input of a student through the real command: one code, one sentence, and the machine goes on.

What the sandbox stops is tests/security; here is what a person sees of it.
"""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Machine

SCENE = "class Demo(Scene):\n    def construct(self):\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \n\t ", "text_empty"),
        ("hello", "text_too_short"),
        ("x" * 5001, "text_too_long"),
        ("solve \x07 x = 2 for x", "text_character"),
        ("solve \udc80\udcff x = 2", "text_character"),
    ],
)
def test_text_that_cannot_be_used(machine: Machine, text: str, code: str) -> None:
    done = machine.run("render", text, "--json")
    assert done.code == 1
    assert done.json["status"] == "failed"
    assert done.json["error"]["code"] == code
    assert len(done.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"solve\0 x = 2 for x", "text_character"),
        (b"\x89PNG\r\n\x1a\n\0\0", "text_binary"),
        (bytes(range(256)), "text_binary"),
    ],
)
def test_bytes_that_are_no_text(machine: Machine, data: bytes, code: str) -> None:
    done = machine.run("render", "-", "--json", stdin=data)
    assert (done.code, done.json["error"]["code"]) == (1, code)


@pytest.mark.parametrize(
    "text", ["حل المعادلة من فضلك الآن", "🏳️‍🌈👩🏽‍🚀 what is this then 🧮", "what is the meaning of life"]
)
def test_what_no_provider_understands_is_answered_with_advice(machine: Machine, text: str) -> None:
    done = machine.run("render", text, "--json")
    assert done.code == 1
    assert done.json["error"]["code"] == "providers_exhausted"
    assert len(done.json["error"]["message"]) > 30


def test_a_short_problem_is_taken_when_the_solver_knows_it(machine: Machine) -> None:
    done = machine.run("render", "2x = 4", "-o", "out.mp4", "--quality", "low", "--json")
    assert (done.code, done.json["answer"]) == (0, "{2}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "expected", "line"),
    [
        ("class Demo(Scene:\n    pass\n", {"code_syntax"}, 1),
        ("x = 1\n", {"scene_missing"}, None),
        (SCENE + "        pass\n", {"video_missing"}, None),
        (SCENE + "        1 / 0\n", {"scene_failed"}, 3),
        (SCENE + "        import time; time.sleep(10_000)\n", {"render_timeout"}, None),
        (SCENE + "        x = bytearray(10**10)\n", {"render_memory", "scene_failed"}, None),
        (SCENE + "        import os\n        while True: os.fork()\n", {"scene_failed"}, 4),
        (SCENE + "        import socket; socket.create_connection(('127.0.0.1', 80))\n", {"scene_failed"}, 3),
        (SCENE + "        open('/etc/botcore-was-here', 'w')\n", {"scene_failed"}, 3),
        (SCENE + "        while True: print('x' * 10**6)\n", {"render_output_flood"}, None),
        (SCENE + "        import ctypes; ctypes.string_at(0)\n", {"render_crashed"}, None),
        (SCENE + "        import os; os._exit(0)\n", {"video_missing", "render_crashed"}, None),
    ],
)
def test_code_of_every_bad_kind_ends_in_one_sentence_and_the_next_job_is_untouched(
    machine: Machine, code: str, expected: set[str], line: int | None
) -> None:
    machine.write("bad.py", code)
    limits = {"BOTCORE_PIPELINE__TIMEOUT": "50"}
    done = machine.run("render", "bad.py", "--quality", "low", "--json", environ=limits)
    assert done.code == 1
    error = done.json["error"]
    assert error["code"] in expected
    assert line is None or error["line"] == line
    assert "{" not in error["message"]
    assert "Traceback" not in error["message"]
    assert not list(machine.folder.glob("*.mp4"))
