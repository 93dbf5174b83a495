"""Credits of every key: 8 for a successful call, nothing for a failed one.

A call holds its price while it runs, so that parallel calls cannot overdraw the balance.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from server.errors import ApiError

CREDITS_PER_CALL = 8


@dataclass
class Account:
    """One key's pool.

    Attributes
    ----------
    balance : int
        Credits left; holds of running calls are not yet taken off.
    held : int
        Credits of calls under way.
    total : int
        Credits bought.
    bought_at_s, updated_at_s : int
        Unix seconds of the first purchase and of the last change.
    """

    balance: int
    total: int
    held: int = 0
    bought_at_s: int = field(default_factory=lambda: int(time.time()))
    updated_at_s: int = field(default_factory=lambda: int(time.time()))


class Ledger:
    """The accounts of all keys; a key that was never seen has the starting balance."""

    def __init__(self, starting_balance: int) -> None:
        self._starting_balance = starting_balance
        self._opened_at_s = int(time.time())
        self._accounts: dict[str, Account] = {}
        self._lock = threading.Lock()

    def account(self, key: str) -> Account:
        """Return a key's account, without keeping one for a key that never spent."""
        return self._accounts.get(key) or self._new_account()

    @contextmanager
    def paying(self, key: str) -> Iterator[None]:
        """Hold the price of one call; take it when the block ends well, give it back when it raises.

        Raises
        ------
        ApiError
            `ERROR_NOT_ENOUGH_CREDITS`.
        """
        with self._lock:
            account = self.account(key)
            if account.balance - account.held < CREDITS_PER_CALL:
                why = f"{account.balance - account.held} credits left, a call costs {CREDITS_PER_CALL}"
                raise ApiError("ERROR_NOT_ENOUGH_CREDITS", why=why)
            account.held += CREDITS_PER_CALL
            self._accounts[key] = account
        succeeded = False
        try:
            yield
            succeeded = True
        finally:
            with self._lock:
                account.held -= CREDITS_PER_CALL
                if succeeded:
                    account.balance -= CREDITS_PER_CALL
                    account.updated_at_s = int(time.time())
                elif not account.held and account.balance == self._starting_balance:
                    del self._accounts[key]

    def _new_account(self) -> Account:
        opened = self._opened_at_s
        return Account(self._starting_balance, self._starting_balance, bought_at_s=opened, updated_at_s=opened)
