from __future__ import annotations

from pathlib import Path

import pytest

from botcore.plugins.discovery import Candidate, discover
from tests.core.plugins.distributions import Fixture, Pick, install
from tests.core.plugins.fixtures import BROKEN, CONFIGURED, FAMILY, GOOD, INCOMPATIBLE, RECORDING


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every fixture distribution, installed once."""
    fixtures = [GOOD, CONFIGURED, FAMILY, RECORDING, Fixture("good", "", distribution="fixture-second-good")]
    fixtures += [fixture for fixture, _ in (*BROKEN.values(), *INCOMPATIBLE.values())]
    return install(fixtures, tmp_path_factory.mktemp("distributions"))


@pytest.fixture
def pick(site: Path, monkeypatch: pytest.MonkeyPatch) -> Pick:
    """``pick("good", "misspelt")``: the installed plugins of these names, in the order of loading."""
    monkeypatch.syspath_prepend(site)

    def choose(*names: str) -> list[Candidate]:
        return [
            candidate
            for candidate in discover()
            if candidate.name in names and candidate.owner != "fixture-second-good"
        ]

    return choose
