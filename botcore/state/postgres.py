"""Tortoise on PostgreSQL, without what would hurt: its backend loses a connection of the pool for each
transaction that cannot begin, lets the driver's errors through, and quotes people's words in them.

Imported for a database on PostgreSQL alone, because the driver is an extra.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType
from typing import Any

import asyncpg
from asyncpg.exceptions import (
    DataError,
    DeadlockDetectedError,
    IntegrityConstraintViolationError,
    InterfaceError,
    InvalidAuthorizationSpecificationError,
    InvalidCatalogNameError,
    PostgresError,
    SerializationError,
    TooManyConnectionsError,
)
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError

from botcore.errors import EnvironmentFault
from botcore.state.database import TurnedAway

_CONNECT_SECONDS = 10.0
_COMMAND_SECONDS = 60.0
"""For a server that vanished without a word; one that is only slow gives up before."""
_SERVER_SETTINGS = {
    "application_name": "botcore",
    "timezone": "UTC",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}
_MIGRATING = 0x626F7463  # “botc”
"""The key of the lock under which tables are made."""
_REMEDY = "Correct database.url, or start the server."


@contextmanager
def translated() -> Iterator[None]:
    """Make the driver's errors Tortoise's. Their details hold whole rows, and causes reach the log: neither
    goes on."""
    try:
        yield
    except IntegrityConstraintViolationError as error:
        raise IntegrityError(_sentence(error)) from None
    except (DeadlockDetectedError, SerializationError) as error:
        raise TurnedAway(_sentence(error)) from None
    except DataError:  # its sentence quotes the value
        raise ValueError("a value does not fit its column") from None
    except PostgresError as error:
        raise OperationalError(_sentence(error)) from None
    except (InterfaceError, OSError, TimeoutError) as error:
        raise OperationalError(f"the connection failed: {type(error).__name__}: {error}") from None


def _sentence(error: PostgresError) -> str:
    return f"{type(error).__name__}: {error.args[0] if error.args else ''}"


class _Careful:
    """How both clients below carry out a statement."""

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        with translated():
            return await func(self, *map(_storable, args), **kwargs)


class _Wrapper(_Careful, TransactionWrapper):
    """The connection inside a transaction."""

    def __init__(self, client: PostgresClient) -> None:
        super().__init__(client)
        self._client = client

    async def open(self) -> None:
        """Take a connection and begin; what cannot begin gives it back."""
        pool = self._client.pool
        self._connection = await pool.acquire()
        try:
            await self.begin()
        except BaseException:
            await pool.release(self._connection)
            raise


class _Transaction(TransactionContextPooled):
    """Gives its connection back however it ends."""

    client: _Wrapper

    async def __aenter__(self) -> Any:
        with translated():
            await self.ensure_connection()
            await self.client.open()
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated():
            await super().__aexit__(kind, error, trace)


class PostgresClient(_Careful, AsyncpgDBClient):
    """A pool of connections to ``url``, of ``pool`` at most."""

    def __init__(self, url: str, pool: int, **rest: Any) -> None:
        super().__init__(**rest)
        self._url = url
        self._size = pool

    async def create_connection(self, with_db: bool) -> None:  # noqa: ARG002  # Tortoise's name for it
        with translated():
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=self._size,
                timeout=_CONNECT_SECONDS,
                command_timeout=_COMMAND_SECONDS,
                server_settings=_SERVER_SETTINGS,
            )

    @property
    def pool(self) -> Any:
        """The open pool."""
        return self._pool

    def _in_transaction(self) -> _Transaction:
        return _Transaction(_Wrapper(self), self._pool_init_lock)


client_class = PostgresClient
"""What Tortoise looks for in the module of an engine."""


@asynccontextmanager
async def migrating(url: str) -> AsyncIterator[None]:
    """Hold the lock under which the tables of a database are made: others who open it wait.

    :raises EnvironmentFault: it cannot be connected to, or will not do.
    """
    connection = await _connect(url)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _MIGRATING, timeout=None)
        yield
    finally:
        connection.terminate()  # and so gives the lock back, whatever state it is in


async def _connect(url: str) -> Any:
    try:
        connection = await asyncpg.connect(url, timeout=_CONNECT_SECONDS)
    except InvalidCatalogNameError as error:
        raise _fault(error.args[0], "Make it (createdb), or correct database.url.") from None
    except InvalidAuthorizationSpecificationError as error:  # a wrong password among them
        raise _fault(error.args[0], "Correct the name and the password in database.url.") from None
    except TooManyConnectionsError as error:
        raise _fault(error.args[0], "Raise max_connections there, or lower database.pool.") from None
    except PostgresError as error:
        raise _fault(error.args[0], _REMEDY) from None
    except TimeoutError:
        raise _fault(f"no answer within {_CONNECT_SECONDS:.0f} s", _REMEDY) from None
    except OSError as error:
        raise _fault(error.strerror or str(error), _REMEDY) from None
    except (InterfaceError, ValueError) as error:
        # What the driver says of a URL that it cannot read may quote it.
        raise _fault(f"its URL cannot be used ({type(error).__name__})", _REMEDY) from None
    encoding = connection.get_settings().server_encoding
    if encoding != "UTF8":
        connection.terminate()
        raise _fault(
            f"its encoding is {encoding}",
            "Make one with UTF-8: createdb --template=template0 --encoding=UTF8.",
        )
    return connection


def _fault(problem: str, remedy: str) -> EnvironmentFault:
    return EnvironmentFault(problem, problem=f"the database cannot be opened ({problem})", remedy=remedy)


def _storable(value: Any) -> Any:
    """PostgreSQL's text takes neither NUL nor half surrogates, which hostile text may well hold."""
    match value:
        case str():
            return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
        case list() | tuple():
            return [_storable(each) for each in value]
        case _:
            return value
