"""Ports of loopback for servers that must know theirs before they bind it, or bind it twice."""

from __future__ import annotations

import secrets
import socket
from contextlib import ExitStack

_PORTS = range(20_000, 32_768)
"""Below those that Linux gives to whoever asks for any or connects (32768 and up): one of these, freed for a
moment, may be somebody else's before its server binds it."""


def free_ports(count: int) -> list[int]:
    """So many different ports that nobody listens on."""
    found: list[int] = []
    with ExitStack() as stack:
        while len(found) < count:
            port = secrets.choice(_PORTS)  # test processes side by side shall differ
            probe = stack.enter_context(socket.socket())
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
    return found


def free_port() -> int:
    """One of :func:`free_ports`."""
    return free_ports(1)[0]
