"""docs/api.md is true: it is what the server answers."""

from __future__ import annotations

import re

import pytest

from botcore.web import openapi
from botcore.web.server import ENDPOINTS
from tests.docs.api import PAGE, alike, lasting, page


def test_every_address_and_code_of_the_page_is_described() -> None:
    text = PAGE.read_text()
    document = openapi.describe(ENDPOINTS, "")
    described = {re.sub(r"{\w+}", "ID", path) for path in document["paths"]}
    sent = set(re.findall(r"\$BOTCORE(/[^\s'\"?]+)", text))
    assert sent
    assert {re.sub(r"\$JOB|\bmanim\b", "ID", path) for path in sent} <= described
    refusals = {refusal.code for endpoint in ENDPOINTS for refusal in openapi.refusals_of(endpoint)}
    codes = set(re.findall(r"urn:botcore:error:(\w+)", text))
    assert codes - {"method_not_allowed"} <= refusals


def test_what_differs_from_run_to_run_is_made_the_same() -> None:
    one = 'at http://127.0.0.1:4711 "zbn8wvm802tjacy2", then "e3s6zs824tq95jy9", then "zbn8wvm802tjacy2"'
    two = 'at http://127.0.0.1:8080 "9f1c2ab34d5e6f70", then "9f1c2ab34d5e6f71", then "9f1c2ab34d5e6f70"'
    assert lasting(one) == two
    assert lasting(two) == two
    assert lasting('"at": "2026-11-23T09:01:02.345678Z"') == '"at": "2026-11-22T21:00:00Z"'
    assert alike('"size": 471788, "duration": 28.733') == alike('"size": 1, "duration": 2')
    assert alike('"status": 422') != alike('"status": 400')


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_the_server_still_answers_as_the_page_says() -> None:
    assert alike(await page()) == alike(PAGE.read_text())
