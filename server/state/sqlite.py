"""State that survives a restart: memory as always, and every change in one SQLite file before its answer leaves.

Memory stays the truth, so reads cost nothing more. Writes go through one thread, in order: a call waits for the disk
until its record is there, the event loop never does.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from server.journal.entries import Entry
from server.journal.feed import JournalFeed
from server.journal.record import read_entry, read_key, write_entry, write_key
from server.settings import Settings
from server.state.memory import MemoryStore
from server.state.sqlite_file import damaged, open_state_file
from server.state.store import StateError
from server.tenant.faults import Misbehavior
from server.tenant.record import read_tenant, write_tenant
from server.tenant.tenants import MAX_TENANTS, Tenant

_Statement = tuple[str, tuple[Any, ...]]
_SOME = 1000
"""Dropped tenants that the file may still hold: they are looked for together."""


class SqliteStore(MemoryStore):
    """A `StateStore` of one process with a file behind it.

    Raises
    ------
    StateError
        The file cannot be used; see `open_state_file`.
    """

    def __init__(self, settings: Settings, path: Path, feed: JournalFeed) -> None:
        super().__init__(settings, feed)
        self._path = path
        self._file = open_state_file(path)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="state")
        self._uses = 0
        self._written: dict[str, str] = {}
        """Key -> the record that the file holds."""
        self._thrown: set[str] = set()
        """Keys whose dice were thrown since."""
        try:
            self._load()
        except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
            self._file.close()
            raise damaged(path, f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Write what is under way, then let go of the file."""
        self._writer.shutdown(wait=True)
        with suppress(sqlite3.Error):
            self._file.close()

    def changing(self, key: str) -> AbstractAsyncContextManager[Tenant]:
        """Hand out the live tenant, and write what the block changed of it."""
        return self._changing(key)

    @asynccontextmanager
    async def _changing(self, key: str) -> AsyncIterator[Tenant]:
        tenant = self._tenants.of(key)
        try:
            yield tenant
        finally:
            await self._write(self._changes([key]))

    async def misbehavior(self, key: str) -> Misbehavior | None:
        """Throw the dice; their count is written with the record of the call."""
        ruled = self._tenants.with_fault_rules(key)
        if ruled is not None:
            self._thrown.add(ruled.key)
        return await super().misbehavior(key)

    async def finish(self, entry: Entry, pictures: Mapping[str, bytes], has_begun: bool) -> None:
        """Settle, remember and write, in one transaction."""
        tenant = self._tenants.of(entry.key)
        taken = tenant.end(entry.id, entry.succeeded) if has_begun else 0
        entry = replace(entry, credits=taken) if taken else entry
        changed = self._thrown | ({entry.key} if has_begun else set())
        self._thrown = set()
        new = [digest for digest in pictures if self._blobs.get(digest) is None]
        statements = [*self._keep_pictures(pictures), *self._keep_entry(entry), *self._changes(changed)]
        try:
            await self._write(statements)
        except StateError:
            tenant.account.balance += taken
            self._journal.discard(entry.id)
            for digest in new:
                self._blobs.discard(digest)
            raise
        self._feed.publish(entry)

    async def reset(self, key: str | None) -> None:
        """Forget, here and in the file."""
        await super().reset(key)
        if key is None:
            self._written.clear()
            await self._write([(f"DELETE FROM {table}", ()) for table in ("calls", "pictures", "tenants", "evicted")])
            return
        self._written.pop(key, None)
        kept = (write_key(key),)
        await self._write([(f"DELETE FROM {table} WHERE key = ?", kept) for table in ("calls", "tenants", "evicted")])

    def _keep_pictures(self, pictures: Mapping[str, bytes]) -> Iterable[_Statement]:
        for digest, content in pictures.items():
            was_kept = self._blobs.get(digest) is not None
            left = self._blobs.put(digest, content)
            self._uses += 1
            if was_kept:
                yield "UPDATE pictures SET used = ? WHERE digest = ?", (self._uses, digest)
            elif self._blobs.get(digest) is not None:
                # What left memory while the file could not be written is still in the file.
                yield "REPLACE INTO pictures VALUES (?, ?, ?)", (digest, self._uses, content)
            for gone in left:
                yield "DELETE FROM pictures WHERE digest = ?", (gone,)

    def _keep_entry(self, entry: Entry) -> Iterable[_Statement]:
        yield (
            "INSERT INTO calls (id, key, record) VALUES (?, ?, ?)",
            (entry.id, write_key(entry.key), write_entry(entry)),
        )
        yield from self._evict(self._journal.add(entry))

    def _evict(self, evicted: Iterable[Entry]) -> Iterable[_Statement]:
        for gone in evicted:
            yield "DELETE FROM calls WHERE id = ?", (gone.id,)
            counted = "INSERT INTO evicted VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET calls = excluded.calls"
            yield counted, (write_key(gone.key), self._journal.evicted(gone.key))

    def _changes(self, keys: Iterable[str]) -> list[_Statement]:
        """Return what brings the file's records of tenants up to date."""
        statements: list[_Statement] = []
        for key in keys:
            # What runs ends with this process.
            record = write_tenant(self._tenants.of(key), with_running=False)
            if self._written.get(key) != record:
                self._written[key] = record
                self._uses += 1
                statements.append(("REPLACE INTO tenants VALUES (?, ?, ?)", (write_key(key), self._uses, record)))
        return [*statements, *self._forget_dropped()]

    def _forget_dropped(self) -> list[_Statement]:
        """Return what drops the tenants that memory dropped, once they are some."""
        if len(self._written) <= MAX_TENANTS + _SOME:
            return []
        dropped = [key for key in self._written if key not in self._tenants]
        for key in dropped:
            del self._written[key]
        return [("DELETE FROM tenants WHERE key = ?", (write_key(key),)) for key in dropped]

    async def _write(self, statements: list[_Statement]) -> None:
        """Commit statements together."""
        if not statements:
            return
        try:
            await asyncio.get_running_loop().run_in_executor(self._writer, self._commit, statements)
        except (sqlite3.Error, RuntimeError) as error:
            self._written.clear()  # Whatever was to be written is written with the next change.
            raise StateError(f"the state file {self._path} cannot be written: {error}") from error

    def _commit(self, statements: list[_Statement]) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            for text, values in statements:
                self._file.execute(text, values)
        except sqlite3.Error:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")

    def _load(self) -> None:
        """Fill memory from the file, within this run's caps."""
        for key, record in self._file.execute("SELECT key, record FROM tenants ORDER BY used"):
            tenant = read_tenant(self._tenants.of(read_key(key)), record)
            self._written[tenant.key] = record
        self._journal.count_evicted(
            {read_key(key): calls for key, calls in self._file.execute("SELECT * FROM evicted")}
        )
        dropped = [
            statement
            for (record,) in self._file.execute("SELECT record FROM calls ORDER BY seq").fetchall()
            for statement in self._evict(self._journal.add(read_entry(record)))
        ]
        for digest, content in self._file.execute("SELECT digest, content FROM pictures ORDER BY used").fetchall():
            gone = self._blobs.put(digest, content)
            if self._blobs.get(digest) is None:
                gone.append(digest)
            dropped += [("DELETE FROM pictures WHERE digest = ?", (name,)) for name in gone]
        self._uses = self._file.execute(
            "SELECT max(coalesce((SELECT max(used) FROM pictures), 0), coalesce((SELECT max(used) FROM tenants), 0))"
        ).fetchone()[0]
        if dropped:
            self._commit(dropped)
