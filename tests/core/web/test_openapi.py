"""What is described is what is there, and what is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from botcore.web import openapi
from botcore.web.endpoints import Endpoint
from botcore.web.server import ENDPOINTS, build
from tests.core.web.conftest import Site

DOCUMENT = openapi.describe(ENDPOINTS, "")
OPERATIONS = [
    pytest.param(path, method, operation, id=f"{method} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def check(schema: Any, value: object) -> None:
    """Raise unless ``value`` is as ``schema`` says, which may refer to the document's components."""
    OAS31Validator(schema | {"components": DOCUMENT["components"]}).validate(value)


def models(endpoint: Endpoint) -> Iterator[type[BaseModel]]:
    """What goes in and out of an endpoint as JSON."""
    if endpoint.body is not None:
        yield endpoint.body
    for answer in endpoint.answers.values():
        if isinstance(answer.content, type):
            yield answer.content


def test_the_document_is_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()
    names = [endpoint.handler.__name__ for endpoint in ENDPOINTS]
    assert len(set(names)) == len(names), "two operations of one name"


async def test_a_program_reads_it_from_the_server(client: aiohttp.ClientSession) -> None:
    async with client.get("/openapi.json") as response:
        assert response.status == 200
        assert response.content_type == "application/json"
        assert await response.json() == DOCUMENT


async def test_every_route_is_described_and_every_description_has_its_route(site: Site) -> None:
    mounted = {
        (route.method.lower(), route.resource.canonical)
        for route in build(site.app, site.stopping).router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    described = {(method, path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert mounted == described


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")
def test_every_model_has_an_example_which_is_as_its_schema_says(endpoint: Endpoint) -> None:
    for model in models(endpoint):
        schema = DOCUMENT["components"]["schemas"][model.__name__]
        assert schema["examples"], model
        for example in schema["examples"]:
            check(schema, example)
            model.model_validate_json(model.model_validate(example).model_dump_json(by_alias=True))


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_refusal_has_an_example_with_a_sentence(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    for status, response in operation["responses"].items():
        for media_type, content in response.get("content", {}).items():
            if media_type != "application/problem+json":
                continue
            codes = content["schema"]["properties"]["code"]["enum"]
            assert list(content["examples"]) == codes
            for example in content["examples"].values():
                check(content["schema"], example["value"])
                assert example["value"]["status"] == int(status)
                assert "{" not in example["value"]["detail"], "a placeholder of the sentence was not filled"


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_says_what_it_does(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert "``" not in operation["description"]
    assert operation["tags"][0] in openapi.TAGS
    assert any(status.startswith(("2", "3")) for status in operation["responses"])
