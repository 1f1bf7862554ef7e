"""What every validator has to keep."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from botcore.hooks.descriptors import ValidatorDescriptor
from botcore.model import Edit, Finding, Severity
from botcore.ports import Validator
from botcore.testing.contracts.descriptor import PATIENCE, DescriptorContract
from botcore.testing.samples import HOSTILE_TEXTS, make_source


class ValidatorContract(DescriptorContract[Validator]):
    """Set ``good`` to sources without an error, and ``bad`` to sources with the code that each must get."""

    descriptor: ClassVar[ValidatorDescriptor]
    good: ClassVar[tuple[str, ...]]
    bad: ClassVar[tuple[tuple[str, str], ...]]

    async def _validate(self, validator: Validator, code: str) -> list[Finding]:
        source = make_source(code, language=self.descriptor.languages[0])
        return await asyncio.wait_for(validator.validate(source), PATIENCE)

    async def test_good_sources_have_no_error(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as validator:
            for code in self.good:
                errors = [f for f in await self._validate(validator, code) if f.severity is Severity.ERROR]
                assert not errors

    async def test_bad_sources_get_their_finding(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as validator:
            for code, wanted in self.bad:
                assert wanted in {finding.code for finding in await self._validate(validator, code)}

    async def test_findings_point_into_the_source(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as validator:
            for code, _ in self.bad:
                lines = code.splitlines() or [""]
                for finding in await self._validate(validator, code):
                    assert finding.message
                    assert 0 <= finding.line <= len(lines) + 1
                    assert finding.column >= 0
                    for edit in finding.fix:
                        assert_edit_fits(edit, lines)

    async def test_hostile_text_gets_findings_and_no_exception(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as validator:
            for text in HOSTILE_TEXTS:
                for finding in await self._validate(validator, text):
                    assert isinstance(finding, Finding)

    async def test_the_source_is_read_and_never_run(self, tmp_path: Path) -> None:
        canary = tmp_path / "canary"
        code = f"import pathlib\npathlib.Path({str(canary)!r}).touch()\n"
        async with self.opened(tmp_path) as validator:
            await self._validate(validator, code)
        assert not canary.exists()

    async def test_the_same_source_gets_the_same_findings(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as validator:
            for code, _ in self.bad:
                assert await self._validate(validator, code) == await self._validate(validator, code)


def assert_edit_fits(edit: Edit, lines: list[str]) -> None:
    """An edit lies within the text and does not end before it begins."""
    assert 1 <= edit.line <= edit.end_line <= len(lines) + 1
    assert (edit.line, edit.column) <= (edit.end_line, edit.end_column)
    for line, column in ((edit.line, edit.column), (edit.end_line, edit.end_column)):
        assert 0 <= column <= (len(lines[line - 1]) if line <= len(lines) else 0)
