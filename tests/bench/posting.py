"""The client of :mod:`tests.bench.accepting`: posts updates over connections that stay open.

``python -m tests.bench.posting PORT SECONDS FIRST``; the secret comes in ``BENCH_SECRET``. It writes plain
HTTP itself, so that little of the machine goes to the side that is not measured. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from itertools import count
from statistics import median, quantiles

CONNECTIONS = 50
CHATS = 500
_HEAD = (
    "POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {length}\r\n\r\n"
)


def request(number: int, secret: str) -> bytes:
    """An update as Telegram posts it; ``number`` is its id, and the chat follows from it."""
    chat = 10_000 + number % CHATS
    person = {"id": chat, "is_bot": False, "first_name": "Ada", "username": "ada", "language_code": "en"}
    body = json.dumps(
        {
            "update_id": number,
            "message": {
                "message_id": number,
                "from": person,
                "chat": {"id": chat, "first_name": "Ada", "username": "ada", "type": "private"},
                "date": 1_760_000_000,
                "text": "/quality",
                "entities": [{"offset": 0, "length": 8, "type": "bot_command"}],
            },
        }
    ).encode()
    return _HEAD.format(secret=secret, length=len(body)).encode() + body


async def post(port: int, secret: str, numbers: Iterator[int], until: float) -> tuple[list[float], int]:
    """One connection: the seconds that each answer took, and how many were not 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    times, refused = [], 0
    while (began := time.perf_counter()) < until:
        writer.write(request(next(numbers), secret))
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        if int(length or 0):
            await reader.readexactly(int(length))
        times.append(time.perf_counter() - began)
        refused += not head.startswith(b"HTTP/1.1 200 ")
    writer.close()
    return times, refused


async def main(port: int, seconds: float, first: int, secret: str) -> None:
    numbers = count(first)
    began = time.perf_counter()
    ends = [post(port, secret, numbers, began + seconds) for _ in range(CONNECTIONS)]
    done = await asyncio.gather(*ends)
    took = time.perf_counter() - began
    times = [each for connection, _ in done for each in connection]
    figures = {
        "posted": len(times),
        "refused": sum(refused for _, refused in done),
        "requests_per_s": len(times) / took,
        "median_ms": 1000 * median(times),
        "p99_ms": 1000 * quantiles(times, n=100)[98],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), os.environ["BENCH_SECRET"]))
