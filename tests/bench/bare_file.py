"""The few lines that :mod:`tests.bench.streaming` is measured against: aiohttp's ``FileResponse`` by itself.

``python -m tests.bench.bare_file FILE``; prints its port.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiohttp import web


async def main(path: Path) -> None:
    async def give(_: web.Request) -> web.FileResponse:
        return web.FileResponse(path)

    site = web.Application()
    site.router.add_get("/", give)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
