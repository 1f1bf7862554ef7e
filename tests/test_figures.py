"""``make bench FIGURES=…``: names that are no figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.__main__ import FIGURES, main


def test_a_figure_that_does_not_exist_is_told_with_those_that_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["help", "nonsense"]) == 2
    told = capsys.readouterr().err
    assert "There is no figure nonsense." in told
    assert all(name in told for name in FIGURES)
    assert not list(tmp_path.iterdir()), "nothing was measured, and the figures that are there are kept"
