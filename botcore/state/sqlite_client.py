"""Tortoise on SQLite, without half surrogates: Python's driver refuses a statement with one."""

from __future__ import annotations

from typing import Any

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)

from botcore.state.text import storable


class _Careful(SqliteClient):
    """How both clients below carry out a statement."""

    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        return await super().execute_insert(query, storable(values))

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        await super().execute_many(query, storable(values))

    async def execute_query(self, query: str, values: list[Any] | None = None) -> Any:
        return await super().execute_query(query, storable(values))

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> Any:
        return await super().execute_query_dict(query, storable(values))


class _Wrapper(_Careful, SqliteTransactionWrapper):
    """The connection inside a transaction."""


class FileClient(_Careful):
    """The connection to a file."""

    def _in_transaction(self) -> TransactionContext:
        return SqliteTransactionContext(_Wrapper(self), self._lock)


client_class = FileClient
"""What Tortoise looks for in the module of an engine."""
