"""What the emulator remembers, in one place that lives in the application object."""

from __future__ import annotations

from dataclasses import dataclass

from server.blob_store import BlobStore
from server.envelope import Profile
from server.journal import Journal
from server.settings import Settings
from server.tenants import Tenants


@dataclass(frozen=True, eq=False)
class EmulatorState:
    """Tenants, journal and the journal's pictures; and which envelope is spoken."""

    tenants: Tenants
    journal: Journal
    blobs: BlobStore
    profile: Profile

    @classmethod
    def of(cls, settings: Settings) -> EmulatorState:
        """Return an empty state."""
        tenants = Tenants(settings.credits, with_magic=not settings.no_magic)
        return cls(
            tenants, Journal(settings.journal_entries), BlobStore(settings.journal_bytes), Profile(settings.profile)
        )
