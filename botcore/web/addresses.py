"""From where a request comes: the client behind the proxies that the operator trusts, and this machine."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import cache

from aiohttp import web

from botcore.config import WebSettings

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_OF_PROXIES = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
"""Headers of which a proxy writes one or another."""
_HOUSEHOLD = 64
"""Bits of an IPv6 address that are one customer's; the others change as their device likes."""
_WITH_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](?::\d+)?|(?P<v4>[\d.]+):\d+")
_FORWARDED = re.compile(r'(?:^|;)\s*for\s*=\s*(?:"(?P<quoted>[^"]*)"|(?P<plain>[^;\s]*))', re.IGNORECASE)


def client_address(request: web.Request, settings: WebSettings) -> str:
    """The address by which somebody without a name is counted: of IPv4 all of it, of IPv6 the first half.

    What ``X-Forwarded-For`` or ``Forwarded`` (RFC 7239) say is believed from the right, as far as it was
    written by ``web.trusted_proxies``: the rest is the client's own invention. Where both are there and do
    not agree, one of them is, and the proxy itself is counted.
    """
    peer = _address(request.remote or "")
    if peer is None:
        return "unknown"
    trusted = _networks(settings.trusted_proxies)
    if not _within(peer, trusted):
        return _named(peer)
    told = {_last_untrusted(list(entries), peer, trusted) for entries in _chains(request) if entries}
    return _named(told.pop() if len(told) == 1 else peer)


def from_this_machine(request: web.Request) -> bool:
    """Whether a program on this machine asks, and no proxy stands between.

    A page in a browser on this machine is none: it comes from another site, or under a name that its owner
    had point to this machine.
    """
    if any(name in request.headers for name in _OF_PROXIES):
        return False
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        return False
    peer = _address(request.remote or "")
    return peer is not None and peer.is_loopback and _local_name(request.headers.get("Host", "localhost"))


def _local_name(host: str) -> bool:
    match = re.fullmatch(r"\[([^\]]*)\](?::\d+)?|([^:]*)(?::\d+)?", host)
    name = (match[1] or match[2] or "").lower() if match else ""
    address = _address(name)
    return name == "localhost" or (address is not None and address.is_loopback)


def _chains(request: web.Request) -> Iterator[tuple[str, ...]]:
    """What each of the two headers says, from the client to the last proxy."""
    plain = ",".join(request.headers.getall("X-Forwarded-For", ()))
    yield tuple(plain.split(",")) if plain else ()
    standard = ",".join(request.headers.getall("Forwarded", ()))
    yield tuple(map(_for, standard.split(","))) if standard else ()


def _for(element: str) -> str:
    match = _FORWARDED.search(element)
    return "" if match is None else match["quoted"] or match["plain"] or ""


def _last_untrusted(entries: list[str], peer: _Address, trusted: tuple[_Network, ...]) -> _Address:
    """The last entry that no trusted proxy has; what is no address, such as ``unknown``, ends the search."""
    client = peer
    for entry in reversed(entries):
        address = _address(entry.strip())
        if address is None:
            break
        client = address
        if not _within(address, trusted):
            break
    return client


def _address(text: str) -> _Address | None:
    match = _WITH_PORT.fullmatch(text)
    if match is not None:
        text = match["v6"] or match["v4"]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _named(address: _Address) -> str:
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _HOUSEHOLD), strict=False))
    return str(address)


def _within(address: _Address, networks: tuple[_Network, ...]) -> bool:
    return any(address in network for network in networks if network.version == address.version)


@cache
def _networks(entries: tuple[str, ...]) -> tuple[_Network, ...]:
    return tuple(map(ipaddress.ip_network, entries))
