"""What :mod:`tests.bench.accepting` is measured against: aiohttp alone checks a secret and keeps a row.

``python -m tests.bench.bare_webhook FILE asyncio|uvloop``: on which event loop it runs. The secret comes in
``BENCH_SECRET``, the port goes to stdout.

Each call commits its row before the answer; as all share one connection, a commit takes along what was
inserted meanwhile.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import sys
import time

import aiosqlite
import uvloop
from aiohttp import web

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # the name of a header
_TABLE = """
CREATE TABLE inbox (
    update_id INTEGER PRIMARY KEY, chat_id INTEGER NOT NULL, message TEXT NOT NULL, received_at REAL NOT NULL
)
"""


async def serve(file: str, secret: bytes) -> None:
    """Serve until the process is ended."""
    database = await aiosqlite.connect(file)
    for setting in ("busy_timeout = 8000", "journal_mode = WAL", "synchronous = NORMAL"):
        await database.execute(f"PRAGMA {setting}")
    await database.execute(_TABLE)

    async def accept(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, secret):
            return web.Response(status=401)
        body = await request.read()
        update = json.loads(body)
        await database.execute(
            "INSERT INTO inbox VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (update["update_id"], update["message"]["chat"]["id"], body.decode(), time.time()),
        )
        await database.commit()
        return web.Response()

    app = web.Application()
    app.router.add_post("/telegram/webhook", accept)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    run = {"asyncio": asyncio.run, "uvloop": uvloop.run}[sys.argv[2]]
    run(serve(sys.argv[1], os.environ["BENCH_SECRET"].encode()))
