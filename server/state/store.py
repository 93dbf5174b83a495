"""Where the emulator's state lives: one interface for memory, a SQLite file and PostgreSQL.

The rules (who may call, what it costs, what goes wrong) are those of `Tenant`, written once. A store only hands out
tenants, keeps what a block changed of one, and keeps the journal. In one process nothing waits in between; between
processes the block of `changing` runs alone on its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from server.journal.entries import Entry, Filter
from server.tenant.faults import Misbehavior
from server.tenant.tenants import Tenant


class StateError(RuntimeError):
    """The state cannot be opened, read or written; the text says why and what to do."""


class StateStore(Protocol):
    """Tenants, journal and the journal's pictures. Used from the event loop only.

    Every method may raise `StateError`.
    """

    async def open(self) -> None:
        """Get ready to serve."""

    async def close(self) -> None:
        """Let go of file or connections."""

    @property
    def is_serving(self) -> bool:
        """Whether calls can be answered now."""

    async def tenant(self, key: str) -> Tenant:
        """Return a key's tenant to look at: changes need `changing`."""

    def changing(self, key: str) -> AbstractAsyncContextManager[Tenant]:
        """Change a tenant in a block without `await`; what the block changed is kept even when it raises."""

    async def tenants(self) -> list[Tenant]:
        """Return the tenants known, the one used last at the end."""

    async def misbehavior(self, key: str) -> Misbehavior | None:
        """Throw the dice for one answer to a key; None where no rules hold."""

    async def finish(self, entry: Entry, pictures: Mapping[str, bytes], has_begun: bool) -> None:
        """Keep the record of a finished call before its answer leaves.

        Parameters
        ----------
        entry : Entry
        pictures : mapping of str to bytes
            Upload and result by their SHA-256, those that there are.
        has_begun : bool
            The call holds credits: they are taken or given back together with the record, or neither happens.
        """

    async def entries(self, wanted: Filter) -> list[Entry]:
        """Return the calls meant, oldest first."""

    async def entry(self, entry_id: str) -> Entry | None:
        """Return one call; None when it is not there."""

    async def evicted(self, key: str | None) -> int:
        """Return how many calls of a key, or of all, were dropped for want of room."""

    async def picture(self, digest: str) -> bytes | None:
        """Return a picture of the journal; None when it was evicted or never kept."""

    async def reset(self, key: str | None) -> None:
        """Forget a key's tenant and calls, or everything."""
