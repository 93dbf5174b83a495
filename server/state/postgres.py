"""State that several hosts share: every change is one transaction in PostgreSQL, alone on its key.

The rules stay those of `Tenant`: a row is locked, the tenant read, changed and written back. Nothing is cached, so
any host behind a balancer gives the same answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

from server.journal.entries import Entry, Filter
from server.journal.feed import JournalFeed
from server.journal.record import write_key
from server.settings import Settings
from server.state.postgres_journal import (
    count_evicted,
    evict_calls,
    find_call,
    find_picture,
    keep_call,
    keep_pictures,
    select_calls,
)
from server.state.postgres_pool import Connection, PostgresPool
from server.state.postgres_presence import HEARTBEAT_S, PostgresPresence
from server.state.postgres_schema import EVICTION_LOCK, LOCKS, NEWS_CHANNEL, prepare_database
from server.state.postgres_tenants import PostgresTenants, evict_tenants, key_with_rules
from server.state.store import StateError
from server.tenant.faults import Misbehavior
from server.tenant.tenants import Tenant

_log = logging.getLogger("ailab_mock")

_SLACK = 8
"""Caps are kept to within 1/8: what is over is evicted by every so many calls, not by each."""

_RESET = "reset"


class PostgresStore:
    """A `StateStore` of any number of processes; see there for what each method means.

    Raises
    ------
    StateError
        The database cannot be used; see `prepare_database`.
    """

    def __init__(self, settings: Settings, url: str, feed: JournalFeed) -> None:
        prepare_database(url)
        self._feed = feed
        self._settings = settings
        self._url = url
        self._uncounted_calls = 0
        self._uncounted_bytes = 0
        self._unsettled: set[tuple[str, str]] = set()
        """Key and id of calls that may still hold credits, as the database failed when they ended."""

    async def open(self) -> None:
        """Connect, and begin to show that this process lives."""
        self._presence = PostgresPresence(self._url)
        self._tenants = PostgresTenants(self._settings, self._presence)
        self._pool = PostgresPool(self._url, self._presence)
        await self._pool.open()
        await self._presence.beat()
        self._heart = asyncio.create_task(self._live())

    async def close(self) -> None:
        """Give back what this process holds and disconnect."""
        self._heart.cancel()
        await self._presence.close()
        await self._pool.close()

    @property
    def is_serving(self) -> bool:
        """Whether the database answers."""
        return self._presence.is_alive

    async def tenant(self, key: str) -> Tenant:
        """Read a tenant."""
        async with self._pool.connection() as connection:
            return await self._tenants.read(connection, key)

    def changing(self, key: str) -> AbstractAsyncContextManager[Tenant]:
        """Lock a tenant's row, and write what the block changed."""
        return self._changing(key)

    @asynccontextmanager
    async def _changing(self, key: str) -> AsyncIterator[Tenant]:
        raised: Exception | None = None
        begun: set[str] = set()
        try:
            async with self._pool.transaction() as connection:
                tenant = await self._tenants.read(connection, key, locked=True)
                before = set(tenant.running)
                try:
                    yield tenant
                except Exception as error:
                    raised = error
                begun = set(tenant.running) - before
                await self._tenants.save(connection, tenant)
        except StateError:
            # The commit may have gone through all the same.
            self._unsettled |= {(key, call_id) for call_id in begun}
            raise
        if raised is not None:
            raise raised

    async def tenants(self) -> list[Tenant]:
        """Read all tenants."""
        async with self._pool.connection() as connection:
            return await self._tenants.read_all(connection)

    async def misbehavior(self, key: str) -> Misbehavior | None:
        """Throw the dice of the key's rules, else everyone's; the row's lock keeps their order one for all hosts."""
        async with self._pool.connection() as connection:
            ruled = await key_with_rules(connection, key)
        if ruled is None:
            return None
        async with self._changing(ruled) as tenant:
            return tenant.faults.throw()

    async def finish(self, entry: Entry, pictures: Mapping[str, bytes], has_begun: bool) -> None:
        """Settle and record, in one transaction."""
        try:
            async with self._pool.transaction() as connection:
                await keep_pictures(connection, pictures, self._settings.journal_bytes)
                if has_begun:
                    tenant = await self._tenants.read(connection, entry.key, locked=True)
                    entry = replace(entry, credits=tenant.end(entry.id, entry.succeeded))
                    await self._tenants.save(connection, tenant)
                await keep_call(connection, entry)
                await self._tell(connection, entry.id)
        except StateError:
            if has_begun:
                self._unsettled.add((entry.key, entry.id))
            raise
        self._feed.publish(entry)
        await self._evict_at_times(sum(map(len, pictures.values())))

    async def entries(self, wanted: Filter) -> list[Entry]:
        """Read the calls meant."""
        async with self._pool.connection() as connection:
            return await select_calls(connection, wanted, self._settings.journal_entries)

    async def entry(self, entry_id: str) -> Entry | None:
        """Read one call."""
        async with self._pool.connection() as connection:
            return await find_call(connection, entry_id)

    async def evicted(self, key: str | None) -> int:
        """Read the count of a key, or of all."""
        async with self._pool.connection() as connection:
            return await count_evicted(connection, key)

    async def picture(self, digest: str) -> bytes | None:
        """Read a picture."""
        async with self._pool.connection() as connection:
            return await find_picture(connection, digest)

    async def reset(self, key: str | None) -> None:
        """Forget a key, or everything."""
        async with self._pool.transaction() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCKS, EVICTION_LOCK))
            await self._tell(connection, _RESET)
            if key is None:
                await connection.execute("LOCK TABLE pictures, tenants, calls, evicted IN SHARE ROW EXCLUSIVE MODE")
                for table in ("pictures", "tenants", "calls", "evicted"):
                    await connection.execute(f"DELETE FROM {table}")
            else:
                for table in ("tenants", "calls", "evicted"):
                    await connection.execute(f"DELETE FROM {table} WHERE key = %s", (write_key(key),))
        self._feed.publish_reset()

    async def _tell(self, connection: Connection, what: str) -> None:
        """Let the other processes know once this transaction is committed."""
        await connection.execute("SELECT pg_notify(%s, %s)", (NEWS_CHANNEL, f"{self._presence.process} {what}"))

    async def _pass_on(self, news: list[str]) -> None:
        """Tell who listens here of what the other processes told."""
        for what in news:
            entry = await self.entry(what) if self._feed.is_heard and what != _RESET else None
            if entry is not None:
                self._feed.publish(entry)
            else:
                self._feed.publish_reset()

    async def _evict_at_times(self, new_bytes: int) -> None:
        """Keep the caps every so often: whoever comes to it does it for all."""
        self._uncounted_calls += 1
        self._uncounted_bytes += new_bytes
        many = self._uncounted_calls * _SLACK > self._settings.journal_entries
        if not many and self._uncounted_bytes * _SLACK <= self._settings.journal_bytes:
            return
        self._uncounted_calls = self._uncounted_bytes = 0
        with contextlib.suppress(StateError):
            async with self._pool.transaction() as connection:
                turn = await connection.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCKS, EVICTION_LOCK))
                if await turn.fetchone() == (True,):
                    await evict_calls(connection, self._settings.journal_entries, self._settings.journal_bytes)
                    await evict_tenants(connection)

    async def _live(self) -> None:
        """Show that this process lives, and settle what a failure of the database left."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            try:
                was_alive = self._presence.is_alive
                await self._presence.beat()
                if not was_alive:
                    await self._pool.check()
                await self._pass_on(self._presence.news())
                for key, call_id in list(self._unsettled):
                    async with self._changing(key) as tenant:
                        tenant.end(call_id, succeeded=False)
                    self._unsettled.discard((key, call_id))
            except StateError:
                continue
            except Exception:
                # A heart that stops would leave the process serving without being seen to live.
                _log.exception("the heart of the shared state")
