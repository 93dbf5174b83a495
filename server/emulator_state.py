"""What the emulator remembers and how it speaks, in one place that lives in the application object."""

from __future__ import annotations

from dataclasses import dataclass

from server.envelope import Profile
from server.memory_store import MemoryStore
from server.settings import Settings
from server.state_store import StateStore


@dataclass(frozen=True, eq=False)
class EmulatorState:
    """The store of tenants and journal; and which envelope is spoken."""

    store: StateStore
    profile: Profile

    @classmethod
    def of(cls, settings: Settings) -> EmulatorState:
        """Return the state that the settings ask for."""
        return cls(MemoryStore(settings), Profile(settings.profile))
