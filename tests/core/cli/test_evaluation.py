"""``botcore eval`` says what is wrong with its command line before anything is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from botcore.cli.evaluation import View
from botcore.cli.main import run
from botcore.evaluation import Result, Verdict, Way

PROMPTS = '[[prompt]]\nid = "one"\ntext = "solve 2x = 4"\n'


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.toml", "--provider", "solver"], "No such file"),
        (["prompts.toml"], "--provider NAME"),
        (["prompts.toml", "--replay", "nowhere"], "no folder nowhere"),
        (["prompts.toml", "--replay", ".", "--record", "."], "do not go together"),
        (["prompts.toml", "--provider", "solver", "--out", "no/where.json"], "no folder"),
        (["prompts.toml", "--provider", "nobody"], "no provider named “nobody”"),
        (["bad.toml", "--provider", "solver"], "prompt.0.id"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prompts.toml").write_text(PROMPTS)
    (tmp_path / "bad.toml").write_text(PROMPTS.replace("one", "No 1"))
    assert run(["eval", *arguments]) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert out == ""


def test_without_a_terminal_each_result_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    result = Result("p", "q", Way.FIRST_TRY, Verdict.RIGHT, 1, 0, 1.0, 0.5, 0.5, 1, 1, 0.0)
    with View(2, silent=False) as view:
        view.show(result)
    assert capsys.readouterr().err == "1/2 p q: first try\n"
    with View(2, silent=True) as view:
        view.show(result)
    assert capsys.readouterr().err == ""
