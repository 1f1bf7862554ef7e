"""Who is counted by which address, and that strangers behind one are counted as one."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from botcore.config import WebSettings
from botcore.state.models import SessionRow
from botcore.web.addresses import client_address
from tests.core.web.conftest import served
from tests.core.web.test_jobs import PROBLEM, post

TRUSTING = WebSettings(trusted_proxies=("10.0.0.0/8", "127.0.0.1"))


def request_from(peer: str, *headers: tuple[str, str]) -> web.Request:
    return make_mocked_request("GET", "/", headers=CIMultiDict(headers)).clone(remote=peer)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),  # no proxy of ours: anybody can write that
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8:1:2:3::4]:80", "2001:db8:1:2::/64"),
        ("10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, unknown, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", ",,,", "10.0.0.1"),
        ("2001:db8:1:2:aaaa::1", "198.51.100.1", "2001:db8:1:2::/64"),
    ],
)
def test_the_chain_is_read_from_the_right_through_trusted_proxies(
    peer: str, forwarded: str, client: str
) -> None:
    assert client_address(request_from(peer, ("X-Forwarded-For", forwarded)), TRUSTING) == client


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        ([("Forwarded", "for=198.51.100.1;proto=https, for=10.0.0.2")], "198.51.100.1"),
        ([("Forwarded", 'proto=https; For="[2001:db8::1]:99"')], "2001:db8::/64"),
        ([("Forwarded", "for=_hidden")], "10.0.0.1"),
        ([("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "198.51.100.1")], "198.51.100.1"),
        ([("X-Forwarded-For", "198.51.100.1"), ("Forwarded", "for=198.51.100.1")], "198.51.100.1"),
        ([("X-Forwarded-For", "198.51.100.1"), ("Forwarded", "for=1.1.1.1")], "10.0.0.1"),
    ],
)
def test_both_headers_are_known_and_where_they_differ_none_is_believed(
    headers: list[tuple[str, str]], client: str
) -> None:
    assert client_address(request_from("10.0.0.1", *headers), TRUSTING) == client


@given(st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=300))
def test_no_header_breaks_it(value: str) -> None:
    for name in ("X-Forwarded-For", "Forwarded"):
        assert len(client_address(request_from("10.0.0.1", (name, value)), TRUSTING)) <= 50


async def test_strangers_without_cookies_are_limited_as_one_and_do_not_fill_the_table(tmp_path: Path) -> None:
    async with served(tmp_path, limits={"unfinished": 5}) as site:
        statuses = []
        for _ in range(40):
            async with site.new_client() as client:
                statuses.append((await post(client, "/api/v1/problems", PROBLEM))[0].status)
        assert statuses.count(202) <= 10
        assert set(statuses[10:]) == {429}
        assert await SessionRow.all().count() <= 10
        assert "127.0.0.1" not in repr(await SessionRow.all().values())


async def test_behind_a_trusted_proxy_each_address_has_its_own_share(tmp_path: Path) -> None:
    trusting = {"port": 0, "trusted_proxies": ("127.0.0.1",)}
    async with served(tmp_path, web=trusting, limits={"per_minute": 1}) as site:
        statuses = []
        for address in ("198.51.100.1", "198.51.100.2", "198.51.100.1"):
            async with site.new_client() as client:
                response, _ = await post(
                    client, "/api/v1/problems", PROBLEM, **{"X-Forwarded-For": f"1.2.3.4, {address}"}
                )
                statuses.append(response.status)
        assert statuses == [202, 202, 429]
