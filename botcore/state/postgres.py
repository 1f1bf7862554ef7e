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
    AdminShutdownError,
    CannotConnectNowError,
    CrashShutdownError,
    DatabaseDroppedError,
    DataError,
    DeadlockDetectedError,
    IdleSessionTimeoutError,
    InsufficientResourcesError,
    IntegrityConstraintViolationError,
    InterfaceError,
    InternalClientError,
    InvalidAuthorizationSpecificationError,
    InvalidCatalogNameError,
    PostgresConnectionError,
    PostgresError,
    PostgresSystemError,
    ReadOnlySQLTransactionError,
    SerializationError,
    TooManyConnectionsError,
)
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError

from botcore.errors import EnvironmentFault
from botcore.state.database import TurnedAway, describe, host_of
from botcore.state.outages import Outage
from botcore.state.text import storable

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
_AWAY = (
    PostgresConnectionError,
    CannotConnectNowError,
    AdminShutdownError,
    CrashShutdownError,
    IdleSessionTimeoutError,
    DatabaseDroppedError,
    InvalidCatalogNameError,
    InvalidAuthorizationSpecificationError,
    InsufficientResourcesError,  # its disk, its memory, its connections
    PostgresSystemError,
    ReadOnlySQLTransactionError,  # a standby after a switch
)
"""What a server says that is no use to anybody just now, were it asked for something else."""
_CLOSED = "connection is closed"
"""What the driver says of a connection that is lost; its other sentences are about who uses it."""
_REMEDY = "Correct database.url, or start the server."


@contextmanager
def translated(outage: Outage) -> Iterator[None]:
    """Make the driver's errors Tortoise's. Their details hold whole rows, and causes reach the log: neither
    goes on."""
    try:
        yield
    except _AWAY as error:
        raise outage.failed(_sentence(error)) from None
    except IntegrityConstraintViolationError as error:
        raise IntegrityError(_sentence(error)) from None
    except (DeadlockDetectedError, SerializationError) as error:
        raise TurnedAway(_sentence(error)) from None
    except DataError:  # its sentence quotes the value
        raise ValueError("a value does not fit its column") from None
    except PostgresError as error:
        raise OperationalError(_sentence(error)) from None
    except InterfaceError as error:
        if _CLOSED not in str(error):  # the driver is used wrongly
            raise OperationalError(f"InterfaceError: {error}") from None
        raise outage.failed(str(error)) from None
    except InternalClientError:  # a connection that broke in this very moment confuses the driver
        raise outage.failed("the connection broke") from None
    except TimeoutError:
        raise outage.failed("no answer in time") from None
    except OSError as error:
        raise outage.failed(error.strerror or str(error)) from None
    else:
        outage.answered()


def _sentence(error: PostgresError) -> str:
    return f"{type(error).__name__}: {error.args[0] if error.args else ''}"


class _Careful:
    """How both clients below carry out a statement."""

    outage: Outage

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        with translated(self.outage):
            return await func(self, *map(_without_nul, map(storable, args)), **kwargs)


class _Wrapper(_Careful, TransactionWrapper):
    """The connection inside a transaction."""

    def __init__(self, client: PostgresClient) -> None:
        super().__init__(client)
        self._client = client
        self.outage = client.outage

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
        with translated(self.client.outage):
            await self.ensure_connection()
            await self.client.open()
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated(self.client.outage):
            await super().__aexit__(kind, error, trace)


class PostgresClient(_Careful, AsyncpgDBClient):
    """A pool of connections to ``url``, of ``pool`` at most."""

    def __init__(self, url: str, pool: int, **rest: Any) -> None:
        super().__init__(**rest)
        self._url = url
        self._size = pool
        self.outage = Outage(describe(url))

    async def create_connection(self, with_db: bool) -> None:  # noqa: ARG002  # Tortoise's name for it
        with translated(self.outage):
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=0,  # else the driver itself logs each of its tries to come back to one
                max_size=self._size,
                timeout=_CONNECT_SECONDS,
                command_timeout=_COMMAND_SECONDS,
                server_settings=_SERVER_SETTINGS,
            )

    @property
    def pool(self) -> Any:
        """The open pool."""
        return self._pool

    async def connect(self) -> Any:
        """A connection beside the pool, whose own it is to end."""
        with translated(self.outage):
            return await asyncpg.connect(
                self._url,
                timeout=_CONNECT_SECONDS,
                command_timeout=_COMMAND_SECONDS,
                server_settings=_SERVER_SETTINGS,
            )

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
        raise _fault(url, error.args[0], "Make it (createdb), or correct database.url.") from None
    except InvalidAuthorizationSpecificationError as error:  # a wrong password among them
        raise _fault(url, error.args[0], "Correct the name and the password in database.url.") from None
    except TooManyConnectionsError as error:
        raise _fault(url, error.args[0], "Raise max_connections there, or lower database.pool.") from None
    except PostgresError as error:
        raise _fault(url, error.args[0], _REMEDY) from None
    except TimeoutError:
        raise _fault(url, f"no answer within {_CONNECT_SECONDS:.0f} s", _REMEDY) from None
    except OSError as error:
        raise _fault(url, error.strerror or str(error), _REMEDY) from None
    except (InterfaceError, ValueError) as error:
        # What the driver says of a URL that it cannot read may quote it.
        raise _fault(url, f"its URL cannot be used ({type(error).__name__})", _REMEDY) from None
    encoding = connection.get_settings().server_encoding
    if encoding != "UTF8":
        connection.terminate()
        raise _fault(
            url,
            f"its encoding is {encoding}",
            "Make one with UTF-8: createdb --template=template0 --encoding=UTF8.",
        )
    return connection


def _fault(url: str, problem: str, remedy: str) -> EnvironmentFault:
    sentence = f"the database{host_of(url)} cannot be opened ({problem})"
    return EnvironmentFault(problem, problem=sentence, remedy=remedy)


def _without_nul(value: Any) -> Any:
    """PostgreSQL's text takes no NUL."""
    match value:
        case str():
            return value.replace("\x00", "\ufffd")
        case list() | tuple():
            return [_without_nul(each) for each in value]
        case _:
            return value
