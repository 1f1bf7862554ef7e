"""A server that cannot listen says what stands in the way, and what to do about it."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from botcore.errors import CannotListen
from botcore.web.server import serving
from tests.core.surface import settings_for, working_app


async def refusal(folder: Path, host: str, port: int) -> CannotListen:
    async with working_app(settings_for(folder, web={"host": host, "port": port})) as app:
        with pytest.raises(CannotListen) as caught:
            async with serving(app, asyncio.Event()):
                pass
        return caught.value


async def test_a_taken_port_says_that_it_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        error = await refusal(tmp_path, "127.0.0.1", port)
    assert error.message == (
        f"Cannot listen on 127.0.0.1 port {port}: Address already in use. "
        "Stop what uses the port, or choose another one (--port, web.port)."
    )


async def test_an_address_of_another_machine_is_the_settings_fault(tmp_path: Path) -> None:
    error = await refusal(tmp_path, "192.0.2.1", 0)  # TEST-NET-1 of RFC 5737: nobody's
    assert error.message == (
        "Cannot listen on 192.0.2.1 port 0: Cannot assign requested address. "
        "Set web.host to an address of this machine."
    )
