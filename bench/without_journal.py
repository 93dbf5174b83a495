"""The same server with tenants and journal off: what their overhead is measured against."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext

from server.call.call import Call
from server.cli import main
from server.journal.entries import Entry
from server.journal.feed import JournalFeed
from server.settings import Settings
from server.state import emulator_state
from server.state.memory import MemoryStore
from server.tenant.faults import Misbehavior
from server.tenant.tenants import Tenant


class NoStore(MemoryStore):
    """One tenant for every key, which pays nothing; no record of anything."""

    def __init__(self, settings: Settings, feed: JournalFeed) -> None:
        super().__init__(settings, feed)
        self._everybody = _Unpaying("", settings.credits, with_magic=False)

    async def tenant(self, key: str) -> Tenant:
        """Return the one tenant."""
        return self._everybody

    def changing(self, key: str) -> AbstractAsyncContextManager[Tenant]:
        """Return the one tenant."""
        return nullcontext(self._everybody)

    async def misbehavior(self, key: str) -> Misbehavior | None:
        """Let nothing go wrong."""
        return None

    async def finish(self, entry: Entry, pictures: Mapping[str, bytes], has_begun: bool) -> None:
        """Forget the call."""


class _Unpaying(Tenant):
    def begin(self, call_id: str) -> None:
        """Hold nothing."""


if __name__ == "__main__":
    emulator_state.MemoryStore = NoStore  # type: ignore[misc]
    Call.digest_pictures = lambda call, with_upload: None  # type: ignore[method-assign]
    sys.exit(main())
