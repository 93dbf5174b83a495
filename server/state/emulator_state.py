"""What the emulator remembers and how it speaks, in one place that lives in the application object."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from server.contract.envelope import Profile
from server.journal.feed import JournalFeed
from server.journal.statistics import CallStatistics
from server.settings import Settings
from server.state.memory import MemoryStore
from server.state.store import StateError, StateStore
from server.wire.body_room import BodyRoom

DATABASE_SCHEMES = ("postgresql://", "postgres://")


@dataclass(frozen=True, eq=False)
class EmulatorState:
    """The store of tenants and journal; which envelope is spoken; the store's feed of calls; their figures.

    `keeps_journal` is False where the settings leave no room for a single call. All bodies being received share
    `body_room`.
    """

    store: StateStore
    profile: Profile
    feed: JournalFeed
    keeps_journal: bool
    statistics: CallStatistics
    body_room: BodyRoom

    @classmethod
    def of(cls, settings: Settings) -> EmulatorState:
        """Return the state that the settings ask for.

        Raises
        ------
        StateError
            What was kept cannot be used.
        """
        # An event stream is never idle to the server: without a bound pages left open could take every connection.
        feed = JournalFeed(max(settings.max_connections // 2, 1))
        store, keeps_journal = _store(settings, feed), settings.journal_entries > 0
        room = BodyRoom(settings.all_bodies_bytes)
        return cls(store, Profile(settings.profile), feed, keeps_journal, CallStatistics(), room)


def _store(settings: Settings, feed: JournalFeed) -> StateStore:
    if settings.state is None:
        return MemoryStore(settings, feed)
    if settings.state.startswith(DATABASE_SCHEMES):
        try:
            from server.state.postgres import PostgresStore
        except ImportError as error:
            raise StateError(
                f"--state postgresql://... needs psycopg ({error}): pip install 'ailab-mock[postgres]'"
            ) from error
        return PostgresStore(settings, settings.state, feed)
    from server.state.sqlite import SqliteStore

    return SqliteStore(settings, Path(settings.state).expanduser(), feed)
