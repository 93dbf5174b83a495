"""Room for the bodies of all requests together: what one may hold times all connections would be gigabytes."""

from __future__ import annotations

from types import TracebackType


class BodyRoom:
    """Counts bytes, in the application. Used from the event loop only.

    Parameters
    ----------
    most_bytes : int
        That all bodies may hold at once.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self.held_bytes = 0

    def share(self) -> BodyShare:
        """Return one body's share, empty; whatever it holds is given back at the end of its `with` block."""
        return BodyShare(self)

    def take(self, count: int) -> bool:
        """Take bytes, if there is room for them all."""
        if self.held_bytes + count > self._most_bytes:
            return False
        self.held_bytes += count
        return True


class BodyShare:
    """What one body holds of the room.

    Attributes
    ----------
    was_refused : bool
        There was no room for all of it.
    """

    def __init__(self, room: BodyRoom) -> None:
        self._room = room
        self._held_bytes = 0
        self.was_refused = False

    def take(self, count: int) -> bool:
        """Take bytes, if there is room for them; if not, those held are given back."""
        if self.was_refused or not self._room.take(count):
            self.was_refused = True
            self.give_back()
            return False
        self._held_bytes += count
        return True

    def give_back(self) -> None:
        """Give back what is held."""
        self._room.held_bytes -= self._held_bytes
        self._held_bytes = 0

    def __enter__(self) -> BodyShare:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()
