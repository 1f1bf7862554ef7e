"""Names for an editor, of a renderer that knows some."""

from __future__ import annotations

import asyncio
from pathlib import Path

from botcore.hooks.descriptors import RendererDescriptor
from botcore.model import Completion
from botcore.testing.doubles import FlatRenderer, made_by
from botcore.web.server import serving
from tests.core.surface import settings_for, working_app
from tests.core.web.conftest import Site
from tests.core.web.test_jobs import is_problem

NAMES = [Completion(f"Line{n:03}", "class", f"Line{n:03}(start=…)", "A line.") for n in range(120)]


class Knowing(FlatRenderer):
    """Knows a hundred and twenty names."""

    async def complete(self, prefix: str, limit: int) -> list[Completion]:
        return [name for name in NAMES if name.name.startswith(prefix)][:limit]


KNOWING = RendererDescriptor(
    name="knowing", language="flat", title="Knowing", detect=lambda _: None, factory=made_by(Knowing)
)


async def test_names_come_in_bounds_with_a_tag(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, web={"port": 0}, renderer="flat")
    async with working_app(settings, KNOWING) as app, serving(app, stopping := asyncio.Event()) as address:
        site = Site(app, address, stopping)
        async with site.new_client() as client:
            path = "/api/v1/renderers/knowing/completions"
            async with client.get(path, params={"prefix": "Line", "limit": 100}) as response:
                body = await response.json()
                etag = response.headers["ETag"]
                assert response.headers["Cache-Control"].startswith("public")
            assert (len(body["completions"]), body["more"]) == (100, True)
            assert body["completions"][0] == {
                "name": "Line000",
                "kind": "class",
                "signature": "Line000(start=…)",
                "doc": "A line.",
            }
            async with client.get(path, params={"prefix": "Line11"}) as response:
                body = await response.json()
                assert (len(body["completions"]), body["more"]) == (10, False)
                assert response.headers["ETag"] != etag
            headers = {"If-None-Match": etag}
            async with client.get(path, params={"prefix": "Line", "limit": 100}, headers=headers) as response:
                assert response.status == 304
            for name, query, status, code in (
                ("flat", {}, 404, "completions_missing"),
                ("nobody", {}, 404, "completions_missing"),
                ("knowing", {"limit": 501}, 422, "query_invalid"),
                ("knowing", {"prefix": "../x"}, 422, "query_invalid"),
            ):
                there = f"/api/v1/renderers/{name}/completions"
                async with client.get(there, params=query) as response:
                    assert is_problem(response, await response.json(content_type=None), status, code)
