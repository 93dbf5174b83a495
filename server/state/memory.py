"""State in this process's memory: the default. Nothing is written to disk, and nothing ever waits."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from types import TracebackType

from server.journal.blob_store import BlobStore
from server.journal.entries import Entry, Filter, Journal
from server.journal.feed import JournalFeed
from server.settings import Settings
from server.tenant.faults import Misbehavior
from server.tenant.tenants import Tenant, Tenants


class MemoryStore:
    """A `StateStore` of live objects; see there for what each method means."""

    is_serving = True

    def __init__(self, settings: Settings, feed: JournalFeed) -> None:
        self._tenants = Tenants(settings.credits, with_magic=not settings.no_magic)
        self._journal = Journal(settings.journal_entries)
        self._blobs = BlobStore(settings.journal_bytes)
        self._feed = feed

    async def open(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""

    async def tenant(self, key: str) -> Tenant:
        """Return the live tenant."""
        return self._tenants.of(key)

    def changing(self, key: str) -> AbstractAsyncContextManager[Tenant]:
        """Hand out the live tenant: a block without `await` is never interrupted."""
        return _Live(self._tenants.of(key))

    async def tenants(self) -> list[Tenant]:
        """Return the live tenants."""
        return self._tenants.known()

    async def misbehavior(self, key: str) -> Misbehavior | None:
        """Throw the dice of the key's rules, else everyone's."""
        ruled = self._tenants.with_fault_rules(key)
        return ruled.faults.throw() if ruled is not None else None

    async def finish(self, entry: Entry, pictures: Mapping[str, bytes], has_begun: bool) -> None:
        """Settle the credits and remember the call."""
        if has_begun:
            taken = self._tenants.of(entry.key).end(entry.id, entry.succeeded)
            entry = replace(entry, credits=taken) if taken else entry
        for digest, picture in pictures.items():
            self._blobs.put(digest, picture)
        self._journal.add(entry)
        self._feed.publish(entry)

    async def entries(self, wanted: Filter) -> list[Entry]:
        """See `Journal.select`."""
        return list(self._journal.select(wanted))

    async def entry(self, entry_id: str) -> Entry | None:
        """See `Journal.get`."""
        return self._journal.get(entry_id)

    async def evicted(self, key: str | None) -> int:
        """See `Journal.evicted`."""
        return self._journal.evicted(key)

    async def picture(self, digest: str) -> bytes | None:
        """See `BlobStore.get`."""
        return self._blobs.get(digest)

    async def reset(self, key: str | None) -> None:
        """Forget a key, or everything with its pictures."""
        self._tenants.reset(key)
        self._journal.reset(key)
        if key is None:
            self._blobs.clear()
        self._feed.publish_reset()


class _Live:
    """A block around a live object."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    async def __aenter__(self) -> Tenant:
        return self._tenant

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None
