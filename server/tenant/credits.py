"""Credits of one key: 8 for a successful call, nothing for a failed one."""

from __future__ import annotations

from server.contract.errors import ApiError
from server.tenant.clock import VirtualClock

CREDITS_PER_CALL = 8


class Account:
    """One key's pool.

    Attributes
    ----------
    balance : int
        Credits left; what running calls will cost is not yet taken off.
    total : int
        Credits bought.
    bought_at_s, updated_at_s : int
        Unix seconds of the first purchase and of the last change.
    """

    def __init__(self, balance: int, clock: VirtualClock) -> None:
        self.balance = balance
        self.total = balance
        self._clock = clock
        self.bought_at_s = self.updated_at_s = int(clock.now_s())

    def recharge(self, balance: int) -> None:
        """Set the balance, as a purchase would."""
        self.total = self.balance = balance
        self.updated_at_s = int(self._clock.now_s())

    def refuse_overdraft(self, running: int) -> None:
        """Row 4: every running call may still cost its price, so that parallel calls cannot overdraw the balance.

        Raises
        ------
        ApiError
            `ERROR_NOT_ENOUGH_CREDITS`.
        """
        available = self.balance - running * CREDITS_PER_CALL
        if available < CREDITS_PER_CALL:
            why = f"{available} credits left, a call costs {CREDITS_PER_CALL}"
            raise ApiError("ERROR_NOT_ENOUGH_CREDITS", why=why)

    def pay(self) -> int:
        """Take the price of one call, as far as a new balance set meanwhile allows; return what was taken."""
        taken = min(CREDITS_PER_CALL, self.balance)
        self.balance -= taken
        self.updated_at_s = int(self._clock.now_s())
        return taken
