"""Validators from the command line: their findings in order, and fixes until nothing is left to mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from botcore.cli.checking import mended
from botcore.hooks.descriptors import ValidatorDescriptor
from botcore.model import Edit, Finding, Severity, Source
from botcore.pipeline import findings_of
from botcore.testing.doubles import made_by
from tests.core.surface import host_of, settings_for


class Spelling:
    """Mends one word of each line that it reads, and never settles about “flip”."""

    WORDS = (("teh", "the"), ("flip", "flop"), ("flop", "flip"))

    async def validate(self, source: Source) -> list[Finding]:
        findings = []
        for number, line in enumerate(source.code.split("\n"), start=1):
            for wrong, right in self.WORDS:
                column = line.find(wrong)
                if column >= 0:
                    edit = Edit(number, column, number, column + len(wrong), right)
                    findings.append(Finding(Severity.WARNING, wrong, right, number, column + 1, (edit,)))
                    break
        return findings


SPELLING = ValidatorDescriptor(name="spelling", languages=("flat",), factory=made_by(Spelling))


async def test_findings_of_all_validators_come_in_the_order_of_the_lines(tmp_path: Path) -> None:
    async with host_of(settings_for(tmp_path), SPELLING) as host:
        source = Source(language="flat", code="draw teh line\nforbidden\nteh end")
        findings = await findings_of(host, source)
        assert [(item.line, item.code) for item in findings] == [(1, "teh"), (2, "forbidden"), (3, "teh")]
        assert await findings_of(host, Source(language="other", code="teh")) == []


async def test_fixes_are_repeated_until_nothing_is_left(tmp_path: Path) -> None:
    async with host_of(settings_for(tmp_path), SPELLING) as host:
        assert await mended(host, Source(language="flat", code="teh teh teh")) == "the the the"


async def test_fixes_that_undo_each_other_come_to_an_end(tmp_path: Path) -> None:
    async with host_of(settings_for(tmp_path), SPELLING) as host:
        assert await mended(host, Source(language="flat", code="flip")) in {"flip", "flop"}


class Careless:
    """A plugin that answers what it likes."""

    answer: object = None

    async def validate(self, _source: Source) -> object:
        return self.answer


@pytest.mark.parametrize("answer", [None, ["line 1 is wrong"], "no"])
async def test_a_validator_that_answers_the_wrong_type_is_passed_over(tmp_path: Path, answer: object) -> None:
    careless = Careless()
    careless.answer = answer
    broken = ValidatorDescriptor(name="careless", languages=("flat",), factory=made_by(lambda: careless))  # type: ignore[arg-type]  # the fault
    async with host_of(settings_for(tmp_path), SPELLING, broken) as host:
        findings = await findings_of(host, Source(language="flat", code="draw teh line"))
    assert [item.code for item in findings] == ["teh"]


async def test_a_validator_that_cannot_be_opened_or_breaks_is_logged_once_for_all_rounds(
    tmp_path: Path,
) -> None:
    def refuse() -> Careless:
        raise RuntimeError("no licence")

    shut = ValidatorDescriptor(name="shut", languages=("flat",), factory=made_by(refuse))  # type: ignore[arg-type]  # the fault
    careless = ValidatorDescriptor(name="careless", languages=("flat",), factory=made_by(Careless))  # type: ignore[arg-type]  # as above
    broken = set[str]()
    with capture_logs() as logs:
        async with host_of(settings_for(tmp_path), SPELLING, shut, careless) as host:
            for _ in range(3):
                found = await findings_of(host, Source(language="flat", code="draw teh line"), broken=broken)
                assert [item.code for item in found] == ["teh"]
    assert broken == {"shut", "careless"}
    errors = [line["event"] for line in logs if line["log_level"] == "error"]
    assert sorted(errors) == ["plugin_not_opened", "validator_broke"]
