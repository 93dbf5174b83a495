"""Whose edit is next: a bounded queue in front of the pixel threads, in turn among keys.

Within a key first come is first served; among keys each has its turn, however many another one sent (Nagle, RFC 970).
When the queue is full, the key that waits with most gives up its newest place to one that waits with less (longest
queue drop; Suter et al., INFOCOM 1998), so that a flood cannot shut others out.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias


class QueueFullError(Exception):
    """There is no place to wait in."""


class UnwantedError(Exception):
    """Nobody waits for the answer any more."""


class Interest(IntEnum):
    """Whether a client still waits. One that closed its sending side may have left or may read on."""

    GONE = 0
    DOUBTFUL = 1
    WAITS = 2


InterestNow: TypeAlias = Callable[[], Interest]


@dataclass(frozen=True, eq=False)
class _Place:
    interest: InterestNow
    turn: asyncio.Future[None]
    """Done when it is its turn; fails when the place is lost."""


class Turns:
    """As many turns at a time as there are threads. Used from the event loop only.

    Parameters
    ----------
    at_a_time : int
    most_waiting : int
        Edits of all keys that may wait.
    """

    def __init__(self, at_a_time: int, most_waiting: int) -> None:
        self._at_a_time = self._free = at_a_time
        self._most_waiting = most_waiting
        self._waiting: OrderedDict[str, deque[_Place]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """Number of edits that wait."""
        return sum(map(len, self._waiting.values()))

    @property
    def is_idle(self) -> bool:
        """True while nobody has a turn."""
        return self._free == self._at_a_time

    async def take(self, key: str, interest: InterestNow) -> None:
        """Wait for a turn; whoever got one gives it back with `give_back`.

        Raises
        ------
        QueueFullError
            At once when there is no place, or later when another key needed it more.
        UnwantedError
            The client is gone.
        """
        if self._free:
            self._free -= 1
            return
        place = _Place(interest, asyncio.get_running_loop().create_future())
        self._make_room(key)
        self._waiting.setdefault(key, deque()).append(place)
        try:
            await place.turn
        except asyncio.CancelledError:
            if place.turn.cancelled():
                self._leave(key, place)
            elif place.turn.exception() is None:
                # The turn came in the moment in which it was given up.
                self.give_back()
            raise

    def give_back(self) -> None:
        """Let the next one have the turn; doubtful clients only when no other waits."""
        self._drop_gone()
        for least in (Interest.WAITS, Interest.DOUBTFUL):
            for key, places in self._waiting.items():
                place = next((place for place in places if place.interest() >= least), None)
                if place is not None:
                    self._leave(key, place)
                    if key in self._waiting:
                        self._waiting.move_to_end(key)
                    place.turn.set_result(None)
                    return
        self._free += 1

    def _make_room(self, key: str) -> None:
        if self.waiting < self._most_waiting:
            return
        self._drop_gone()
        if self.waiting < self._most_waiting:
            return
        longest = max(self._waiting, key=lambda name: len(self._waiting[name]), default=key)
        if len(self._waiting.get(longest, ())) <= len(self._waiting.get(key, ())) + 1:
            raise QueueFullError
        self._lose(longest, self._waiting[longest][-1], QueueFullError())

    def _drop_gone(self) -> None:
        for key, places in list(self._waiting.items()):
            for place in [place for place in places if place.interest() is Interest.GONE]:
                self._lose(key, place, UnwantedError())

    def _lose(self, key: str, place: _Place, error: Exception) -> None:
        self._leave(key, place)
        place.turn.set_exception(error)

    def _leave(self, key: str, place: _Place) -> None:
        self._waiting[key].remove(place)
        if not self._waiting[key]:
            del self._waiting[key]
