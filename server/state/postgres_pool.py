"""Connections to the shared database: a few, handed out one at a time; what goes wrong on them is a `StateError`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from server.state.postgres_presence import PostgresPresence
from server.state.postgres_schema import SCHEMA, address_of, reason
from server.state.store import StateError

MOST_CONNECTIONS = 8
WAIT_S = 5.0
"""For a connection; then the call is answered that there is none."""

Connection: TypeAlias = psycopg.AsyncConnection[tuple[Any, ...]]


class PostgresPool:
    """The connections of one process; made within its event loop.

    Parameters
    ----------
    url : str
    presence : PostgresPresence
        While its session does not hold, nobody waits for a connection.
    """

    def __init__(self, url: str, presence: PostgresPresence) -> None:
        self._address = address_of(url)
        self._presence = presence
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=MOST_CONNECTIONS,
            timeout=WAIT_S,
            open=False,
            kwargs={"autocommit": True, "options": f"-c search_path={SCHEMA}"},
        )

    async def open(self) -> None:
        """Begin to connect."""
        await self._pool.open()

    async def close(self) -> None:
        """Disconnect."""
        await self._pool.close()

    async def check(self) -> None:
        """Replace the connections that broke."""
        await self._pool.check()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Hand out a connection on which each query stands alone.

        Raises
        ------
        StateError
            The database failed.
        """
        if not self._presence.is_alive:
            raise StateError(f"the state database {self._address} does not answer")
        try:
            async with self._pool.connection() as connection:
                yield connection
        except (psycopg.Error, PoolTimeout) as error:
            raise StateError(f"the state database {self._address} failed: {reason(error)}") from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Commit at the end of the block; what needs no result goes to the database together with what follows."""
        async with self.connection() as connection, connection.pipeline(), connection.transaction():
            yield connection
