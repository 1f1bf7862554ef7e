"""A SeaweedFS on loopback: an S3 server that checks signatures, rights and expiry."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aioboto3
from botcore_s3.plugin import S3Config
from botocore.config import Config

from tests.ports import free_ports

KEY, SECRET = "weed-key", "weed-secret-3c51"
READER, READER_SECRET = "weed-reader", "reader-secret-77d0"
BUCKET = "videos"
_START_S = 300.0
_PORTS = ("master", "volume", "filer", "s3")


@dataclass(slots=True)
class Weed:
    """A running server. ``config`` gives settings with which everything is allowed."""

    url: str
    process: subprocess.Popen[bytes]

    def values(self, **changes: object) -> dict[str, Any]:
        return {
            "bucket": BUCKET,
            "endpoint_url": self.url,
            "access_key": KEY,
            "secret_key": SECRET,
            "connect_timeout": 2.0,
            "read_timeout": 10.0,
            **changes,
        }

    def config(self, **changes: object) -> S3Config:
        return S3Config.model_validate(self.values(**changes))

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The server takes connections and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@contextmanager
def running(folder: Path) -> Iterator[Weed]:
    """Start one whose data lie in ``folder``; it is ended, by its id, in the end."""
    binary = Path(sys.executable).with_name("weed")
    (folder / "data").mkdir(parents=True)
    (folder / "identities.json").write_text(json.dumps(_identities()))
    ports = free_ports(2 * len(_PORTS))
    arguments = [
        str(binary),
        "-logtostderr",
        "server",
        "-dir=data",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-filer",
        f"-filer.localSocket={folder}/filer.sock",
        "-s3",
        "-s3.iam=false",
        "-s3.config=identities.json",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=256",
        "-volume.max=12",
        "-volume.minFreeSpace=1",
    ]
    for number, name in enumerate(_PORTS):
        arguments += [f"-{name}.port={ports[2 * number]}", f"-{name}.port.grpc={ports[2 * number + 1]}"]
    log = folder / "log"
    with ExitStack() as stack:
        out = stack.enter_context(log.open("wb"))
        process = subprocess.Popen(
            arguments,
            cwd=folder,
            stdout=out,
            stderr=out,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        )
        stack.callback(_end, process)
        weed = Weed(f"http://127.0.0.1:{ports[-2]}", process)
        _wait(weed, log)
        yield weed
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def operator(weed: Weed) -> AsyncIterator[Any]:
    """A client of the bucket's operator."""
    session = aioboto3.Session(aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="auto")
    settings = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 5})
    async with session.client("s3", endpoint_url=weed.url, config=settings) as client:
        yield client


async def make_bucket(weed: Weed) -> None:
    """Make the bucket that :meth:`Weed.values` names."""
    async with operator(weed) as client:
        await client.create_bucket(Bucket=BUCKET)


def _identities() -> dict[str, object]:
    def person(name: str, key: str, secret: str, *actions: str) -> dict[str, object]:
        return {
            "name": name,
            "credentials": [{"accessKey": key, "secretKey": secret}],
            "actions": list(actions),
        }

    return {
        "identities": [
            person("botcore", KEY, SECRET, "Admin", "Read", "Write", "List", "Tagging"),
            person("reader", READER, READER_SECRET, "Read", "List"),
        ]
    }


def _wait(weed: Weed, log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and weed.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{weed.url}/status", timeout=1):  # noqa: S310  # our own address
                return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"SeaweedFS did not start: {log.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()  # its data go with it
    process.wait()
