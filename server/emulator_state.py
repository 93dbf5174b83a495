"""What the emulator remembers and how it speaks, in one place that lives in the application object."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from server.envelope import Profile
from server.journal_feed import JournalFeed
from server.memory_store import MemoryStore
from server.settings import Settings
from server.state_store import StateError, StateStore

DATABASE_SCHEMES = ("postgresql://", "postgres://")


@dataclass(frozen=True, eq=False)
class EmulatorState:
    """The store of tenants and journal, the journal's feed; and which envelope is spoken."""

    store: StateStore
    profile: Profile
    feed: JournalFeed = field(default_factory=JournalFeed)

    @classmethod
    def of(cls, settings: Settings) -> EmulatorState:
        """Return the state that the settings ask for.

        Raises
        ------
        StateError
            What was kept cannot be used.
        """
        return cls(_store(settings), Profile(settings.profile))


def _store(settings: Settings) -> StateStore:
    if settings.state is None:
        return MemoryStore(settings)
    if settings.state.startswith(DATABASE_SCHEMES):
        try:
            from server.postgres_store import PostgresStore
        except ImportError as error:
            raise StateError(
                f"--state postgresql://... needs psycopg ({error}): pip install 'ailab-mock[postgres]'"
            ) from error
        return PostgresStore(settings, settings.state)
    from server.sqlite_store import SqliteStore

    return SqliteStore(settings, Path(settings.state).expanduser())
