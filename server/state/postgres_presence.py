"""Shows the other processes that this one lives, and tells which of them do.

Each process holds an advisory lock in a session of its own. When it dies, however it dies, the database ends that
session and with it the lock, and what the process held can be given back. The same session watches the database: its
clock is the one clock of all hosts, and it brings the news of the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from typing import Any

import psycopg

from server.state.postgres_schema import CONNECT_SECONDS, LOCKS, NEWS_CHANNEL, reason
from server.state.store import StateError

HEARTBEAT_S = 1.0
_SMALLEST_ID = 1000
"""Below it lie the locks of `postgres_schema`."""
_KEEPALIVE = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
"""A host that vanished without a word is noticed by the database within eleven seconds."""
_LIVING = """
SELECT objid::text FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = %s::oid
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class PostgresPresence:
    """The session of one process.

    Attributes
    ----------
    process : str
        Names this process to the others while the session lasts.
    ahead_s : float
        How far the database's clock is ahead of this machine's.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._known_until_s: dict[str, float] = {}
        self._news: list[str] = []
        self.process = ""
        self.ahead_s = 0.0

    @property
    def is_alive(self) -> bool:
        """Whether the session holds."""
        return self._session is not None

    async def beat(self) -> None:
        """Look after the session: open it, or read the clock.

        Raises
        ------
        StateError
            The database does not answer.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    if self._session is None:
                        self._session = await self._announced()
                    sent_s = time.time()
                    cursor = await self._session.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
                    row = await cursor.fetchone()
            except (psycopg.Error, OSError, TimeoutError) as error:
                await self._leave()
                raise StateError(f"the state database does not answer: {reason(error)}") from error
            self.ahead_s = (row[0] if row else sent_s) - (sent_s + time.time()) / 2

    def news(self) -> list[str]:
        """Return what the other processes told since: ids of calls, or "reset"."""
        news, self._news = self._news, []
        return news

    async def dead(self, processes: set[str], connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> set[str]:
        """Return those of some processes that no longer live.

        Raises
        ------
        psycopg.Error
        """
        now_s = time.monotonic()
        unsure = {one for one in processes - {self.process} if self._known_until_s.get(one, 0.0) < now_s}
        if not unsure:
            return set()
        rows = await (await connection.execute(_LIVING, (LOCKS,))).fetchall()
        self._known_until_s = dict.fromkeys((row[0] for row in rows), now_s + HEARTBEAT_S)
        return unsure - set(self._known_until_s)

    async def close(self) -> None:
        """End the session: what this process held is given back."""
        async with self._turn:
            await self._leave()

    async def _announced(self) -> psycopg.AsyncConnection:
        session = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=CONNECT_SECONDS, options=_KEEPALIVE
        )
        while True:
            number = secrets.randbelow(2**31 - _SMALLEST_ID) + _SMALLEST_ID
            cursor = await session.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCKS, number))
            if await cursor.fetchone() == (True,):
                self.process = str(number)
                break
        session.add_notify_handler(self._hear)
        await session.execute(f"LISTEN {NEWS_CHANNEL}")
        return session

    def _hear(self, notify: psycopg.Notify) -> None:
        process, _, what = notify.payload.partition(" ")
        if process != self.process:
            self._news.append(what)

    async def _leave(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await session.close()
