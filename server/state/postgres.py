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
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from server.journal.entries import Entry, Filter
from server.journal.feed import JournalFeed
from server.journal.record import read_entry, read_key, write_entry, write_key
from server.settings import Settings
from server.state.postgres_presence import HEARTBEAT_S, PostgresPresence
from server.state.postgres_schema import (
    EVICTION_LOCK,
    LOCKS,
    NEWS_CHANNEL,
    SCHEMA,
    address_of,
    prepare_database,
    reason,
)
from server.state.store import StateError
from server.tenant.faults import Misbehavior
from server.tenant.record import read_tenant, write_tenant
from server.tenant.tenants import EVERYONE, MAX_TENANTS, Tenant, Tenants

_log = logging.getLogger("ailab_mock")

MOST_CONNECTIONS = 8
WAIT_S = 5.0
"""For a connection; then the call is answered that there is none."""
_SLACK = 8
"""Caps are kept to within 1/8: what is over is evicted by every so many calls, not by each."""

_RESET = "reset"

_SAVE_TENANT = """
INSERT INTO tenants VALUES (%s, nextval('uses'), %s, %s)
ON CONFLICT (key) DO UPDATE SET used = excluded.used, has_rules = excluded.has_rules, record = excluded.record
"""
_NEW_TENANT = "INSERT INTO tenants VALUES (%s, nextval('uses'), %s, %s) ON CONFLICT DO NOTHING"
_KEEP_PICTURE = """
INSERT INTO pictures VALUES (%s, nextval('uses'), %s, %b) ON CONFLICT (digest) DO UPDATE SET used = excluded.used
"""
_KEEP_CALL = "INSERT INTO calls (id, key, code, action, path, time_s, record) VALUES (%s, %s, %s, %s, %s, %s, %s)"
_EVICT_CALLS = """
WITH gone AS (
  DELETE FROM calls WHERE seq <= (SELECT seq FROM calls ORDER BY seq DESC OFFSET %s LIMIT 1) RETURNING key)
INSERT INTO evicted AS earlier SELECT key, count(*) FROM gone GROUP BY key
ON CONFLICT (key) DO UPDATE SET calls = earlier.calls + excluded.calls
"""
_EVICT_PICTURES = """
DELETE FROM pictures WHERE digest IN (SELECT digest FROM pictures WHERE digest IN (
  SELECT digest FROM (SELECT digest, sum(bytes) OVER (ORDER BY used DESC) AS held FROM pictures) AS kept
  WHERE held > %s) FOR UPDATE SKIP LOCKED)
"""
_EVICT_TENANTS = """
DELETE FROM tenants WHERE key IN (
  SELECT key FROM tenants WHERE key <> %s ORDER BY used DESC OFFSET %s FOR UPDATE SKIP LOCKED)
"""
_CONDITIONS = {
    "key": "key = %s",
    "code": "code = %s",
    "action": "action = %s",
    "path": "path = %s",
    "since_s": "time_s >= %s",
    "until_s": "time_s <= %s",
}
"""Attribute of `Filter` with a column of its own -> what a row must meet."""

_Connection = psycopg.AsyncConnection[tuple[Any, ...]]


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
        self._address = address_of(url)
        self._url = url
        self._fresh = Tenants(settings.credits, with_magic=not settings.no_magic)
        self._uncounted_calls = 0
        self._uncounted_bytes = 0
        self._unsettled: set[tuple[str, str]] = set()
        """Key and id of calls that may still hold credits, as the database failed when they ended."""

    async def open(self) -> None:
        """Connect, and begin to show that this process lives."""
        self._presence = PostgresPresence(self._url)
        self._pool: AsyncConnectionPool[_Connection] = AsyncConnectionPool(
            self._url,
            min_size=1,
            max_size=MOST_CONNECTIONS,
            timeout=WAIT_S,
            open=False,
            kwargs={"autocommit": True, "options": f"-c search_path={SCHEMA}"},
        )
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
        async with self._connection() as connection:
            return await self._read(connection, key)

    def changing(self, key: str) -> AbstractAsyncContextManager[Tenant]:
        """Lock a tenant's row, and write what the block changed."""
        return self._changing(key)

    @asynccontextmanager
    async def _changing(self, key: str) -> AsyncIterator[Tenant]:
        raised: Exception | None = None
        begun: set[str] = set()
        try:
            async with self._transaction() as connection:
                tenant = await self._read(connection, key, locked=True)
                before = set(tenant.running)
                try:
                    yield tenant
                except Exception as error:
                    raised = error
                begun = set(tenant.running) - before
                await self._save(connection, tenant)
        except StateError:
            # The commit may have gone through all the same.
            self._unsettled |= {(key, call_id) for call_id in begun}
            raise
        if raised is not None:
            raise raised

    async def tenants(self) -> list[Tenant]:
        """Read all tenants."""
        async with self._connection() as connection:
            rows = await (await connection.execute("SELECT key, record FROM tenants ORDER BY used")).fetchall()
        return [self._restored(read_key(key), record) for key, record in rows]

    async def misbehavior(self, key: str) -> Misbehavior | None:
        """Throw the dice of the key's rules, else everyone's; the row's lock keeps their order one for all hosts."""
        async with self._connection() as connection:
            wanted = "SELECT key FROM tenants WHERE key = ANY(%s) AND has_rules"
            rows = await (await connection.execute(wanted, ([write_key(key), EVERYONE],))).fetchall()
        ruled = {read_key(row[0]) for row in rows}
        if not ruled:
            return None
        async with self._changing(key if key in ruled else EVERYONE) as tenant:
            return tenant.faults.throw()

    async def finish(self, entry: Entry, pictures: Mapping[str, bytes], has_begun: bool) -> None:
        """Settle and record, in one transaction."""
        try:
            async with self._transaction() as connection:
                # In one order everywhere: transactions that wait for each other in a ring would fail.
                for digest, content in sorted(pictures.items()):
                    if len(content) <= self._settings.journal_bytes:
                        await connection.execute(_KEEP_PICTURE, (digest, len(content), content))
                if has_begun:
                    tenant = await self._read(connection, entry.key, locked=True)
                    entry = replace(entry, credits=tenant.end(entry.id, entry.succeeded))
                    await self._save(connection, tenant)
                await connection.execute(_KEEP_CALL, _row(entry))
                await self._tell(connection, entry.id)
        except StateError:
            if has_begun:
                self._unsettled.add((entry.key, entry.id))
            raise
        self._feed.publish(entry)
        await self._evict_at_times(sum(map(len, pictures.values())))

    async def entries(self, wanted: Filter) -> list[Entry]:
        """Read the calls meant."""
        conditions, values = _where(wanted)
        query = f"SELECT record FROM calls WHERE {conditions} ORDER BY seq DESC LIMIT %s"
        async with self._connection() as connection:
            rows = await (await connection.execute(query, (*values, self._settings.journal_entries))).fetchall()
        # What no column tells is left to the filter itself.
        return [entry for (record,) in reversed(rows) if wanted.accepts(entry := read_entry(record))]

    async def entry(self, entry_id: str) -> Entry | None:
        """Read one call."""
        row = await self._one("SELECT record FROM calls WHERE id = %s", write_key(entry_id))
        return read_entry(row[0]) if row else None

    async def evicted(self, key: str | None) -> int:
        """Read the count of a key, or of all."""
        wanted = None if key is None else write_key(key)
        row = await self._one("SELECT sum(calls)::bigint FROM evicted WHERE key = coalesce(%s, key)", wanted)
        return int(row[0] or 0) if row else 0

    async def picture(self, digest: str) -> bytes | None:
        """Read a picture."""
        row = await self._one("SELECT content FROM pictures WHERE digest = %s", digest)
        return bytes(row[0]) if row else None

    async def reset(self, key: str | None) -> None:
        """Forget a key, or everything."""
        async with self._transaction() as connection:
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

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[_Connection]:
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
    async def _transaction(self) -> AsyncIterator[_Connection]:
        """Commit at the end of the block; what needs no result goes to the database together with what follows."""
        async with self._connection() as connection, connection.pipeline(), connection.transaction():
            yield connection

    async def _one(self, query: str, value: str | None) -> tuple[Any, ...] | None:
        async with self._connection() as connection:
            return await (await connection.execute(query, (value,))).fetchone()

    async def _read(self, connection: _Connection, key: str, locked: bool = False) -> Tenant:
        """Read a tenant; with `locked` it stays as it is until the transaction ends, but for this one."""
        query, stored = "SELECT record FROM tenants WHERE key = %s", (write_key(key),)
        row = await (await connection.execute(query + " FOR UPDATE" * locked, stored)).fetchone()
        if row is None and locked:
            # Two processes may meet here: the second waits for the first, then reads what it wrote.
            await connection.execute(_NEW_TENANT, self._row(self._new(key)))
            row = await (await connection.execute(query + " FOR UPDATE", stored)).fetchone()
        if row is None:
            return self._new(key)
        tenant = self._restored(key, row[0])
        if locked:
            for process in await self._presence.dead(set(tenant.running.values()), connection):
                tenant.running = {call: owner for call, owner in tenant.running.items() if owner != process}
        return tenant

    async def _save(self, connection: _Connection, tenant: Tenant) -> None:
        await connection.execute(_SAVE_TENANT, self._row(tenant))

    def _row(self, tenant: Tenant) -> tuple[Any, ...]:
        return write_key(tenant.key), tenant.faults.is_set, write_tenant(tenant, with_running=True)

    def _new(self, key: str) -> Tenant:
        tenant = self._fresh.new(key)
        tenant.clock.ahead_s = self._presence.ahead_s
        tenant.process = self._presence.process
        return tenant

    def _restored(self, key: str, record: str) -> Tenant:
        return read_tenant(self._new(key), record)

    async def _tell(self, connection: _Connection, what: str) -> None:
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
            async with self._transaction() as connection:
                turn = await connection.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCKS, EVICTION_LOCK))
                if await turn.fetchone() == (True,):
                    await connection.execute(_EVICT_CALLS, (self._settings.journal_entries,))
                    await connection.execute(_EVICT_PICTURES, (self._settings.journal_bytes,))
                    await connection.execute(_EVICT_TENANTS, (EVERYONE, MAX_TENANTS))

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


def _row(entry: Entry) -> tuple[Any, ...]:
    action = write_key(entry.fields.get("action_type", ""))
    stored = write_key(entry.key), entry.code, action, write_key(entry.path), entry.time_s, write_entry(entry)
    return entry.id, *stored


def _where(wanted: Filter) -> tuple[str, list[Any]]:
    """Return the conditions that columns can meet, and their values."""
    given = {name: value for name, value in wanted.__dict__.items() if value is not None and name in _CONDITIONS}
    if given.get("code") == "ok":
        given["code"] = ""
    elif given.get("code") == "refused":
        del given["code"]
    conditions = ["TRUE", *(_CONDITIONS[name] for name in given)]
    return " AND ".join(conditions), [
        write_key(value) if isinstance(value, str) else value for value in given.values()
    ]
