"""Credits of one key: 8 for a successful call, nothing for a failed one.

A call holds its price while it runs, so that parallel calls cannot overdraw the balance.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from server.clock import VirtualClock
from server.errors import ApiError

CREDITS_PER_CALL = 8


class Account:
    """One key's pool. Used from the event loop only.

    Attributes
    ----------
    balance : int
        Credits left; holds of running calls are not yet taken off.
    total : int
        Credits bought.
    bought_at_s, updated_at_s : int
        Unix seconds of the first purchase and of the last change.
    """

    def __init__(self, balance: int, clock: VirtualClock) -> None:
        self.balance = balance
        self.total = balance
        self._held = 0
        self._clock = clock
        self.bought_at_s = self.updated_at_s = int(clock.now_s())

    def recharge(self, balance: int) -> None:
        """Set the balance, as a purchase would."""
        self.total = self.balance = balance
        self.updated_at_s = int(self._clock.now_s())

    @contextmanager
    def paying(self) -> Iterator[None]:
        """Hold the price of one call; take it when the block ends well, give it back when it raises.

        Raises
        ------
        ApiError
            `ERROR_NOT_ENOUGH_CREDITS`.
        """
        available = self.balance - self._held
        if available < CREDITS_PER_CALL:
            why = f"{available} credits left, a call costs {CREDITS_PER_CALL}"
            raise ApiError("ERROR_NOT_ENOUGH_CREDITS", why=why)
        self._held += CREDITS_PER_CALL
        try:
            yield
            self.balance -= CREDITS_PER_CALL
            self.updated_at_s = int(self._clock.now_s())
        finally:
            self._held -= CREDITS_PER_CALL
