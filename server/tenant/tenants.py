"""The API key is the tenant: its own credits, queue, limits, faults and clock, so that parallel tests never meet."""

from __future__ import annotations

from collections import OrderedDict, deque

from server.contract.errors import ApiError
from server.tenant.clock import VirtualClock
from server.tenant.credits import Account
from server.tenant.faults import FaultRules
from server.tenant.limits import Limiter
from server.tenant.scenario import Scenario, starting_credits, starts_locked

MAX_TENANTS = 10_000
"""Keys remembered at once; beyond it the one unused for longest starts anew."""
EVERYONE = "*"
"""The tenant whose fault rules hold for every key without rules of its own."""


class Tenant:
    """Everything the emulator keeps for one key.

    Attributes
    ----------
    running : dict of str to str
        Id of each call that holds its price and a place -> the process that answers it.
    process : str
        The process that changes this tenant; empty where there is only one.
    """

    def __init__(self, key: str, starting_balance: int, with_magic: bool) -> None:
        self.key = key
        self.clock = VirtualClock()
        magic_credits = starting_credits(key) if with_magic else None
        self.account = Account(starting_balance if magic_credits is None else magic_credits, self.clock)
        self.is_locked = with_magic and starts_locked(key)
        self.limiter = Limiter(self.clock)
        self.scenarios: deque[str] = deque()
        self.faults = FaultRules()
        self.running: dict[str, str] = {}
        self.process = ""

    def refuse_locked(self) -> None:
        """Row 2.

        Raises
        ------
        ApiError
            `ERROR_USER_LOCKED`.
        """
        if self.is_locked:
            raise ApiError("ERROR_USER_LOCKED", why="the key is locked")

    def next_scenario(self) -> Scenario | None:
        """Take the next of the queue."""
        return Scenario(self.scenarios.popleft(), "queue") if self.scenarios else None

    def begin(self, call_id: str) -> None:
        """Rows 4 and 5: hold the price of a call and a place among those running.

        Raises
        ------
        ApiError
            `ERROR_NOT_ENOUGH_CREDITS` or `EXCEEDING_LIMITS`; then nothing is held.
        """
        self.account.refuse_overdraft(len(self.running))
        self.limiter.admit(len(self.running))
        self.running[call_id] = self.process

    def end(self, call_id: str, succeeded: bool) -> int:
        """Let go of a call's hold; return the credits taken: none of a failed call or after a reset meanwhile."""
        if self.running.pop(call_id, None) is None or not succeeded:
            return 0
        return self.account.pay()


class Tenants:
    """All tenants of one process. Used from the event loop only."""

    def __init__(self, starting_balance: int, with_magic: bool) -> None:
        self._starting_balance = starting_balance
        self._with_magic = with_magic
        self._tenants: OrderedDict[str, Tenant] = OrderedDict()

    def new(self, key: str) -> Tenant:
        """Return a key's tenant as it starts, not yet remembered."""
        return Tenant(key, self._starting_balance, self._with_magic)

    def of(self, key: str) -> Tenant:
        """Return a key's tenant, made on its first use."""
        tenant = self._tenants.get(key)
        if tenant is None:
            tenant = self._tenants[key] = self.new(key)
            if len(self._tenants) > MAX_TENANTS:
                oldest = next(name for name in self._tenants if name != EVERYONE)
                del self._tenants[oldest]
        self._tenants.move_to_end(key)
        return tenant

    def __contains__(self, key: str) -> bool:
        return key in self._tenants

    def known(self) -> list[Tenant]:
        """Return all tenants, the one used last at the end."""
        return list(self._tenants.values())

    def with_fault_rules(self, key: str) -> Tenant | None:
        """Return the tenant whose rules hold for a key: its own, else everyone's; None where nothing goes wrong."""
        own = self._tenants.get(key)
        if own is not None and own.faults.is_set:
            return own
        everyone = self._tenants.get(EVERYONE)
        return everyone if everyone is not None and everyone.faults.is_set else None

    def reset(self, key: str | None) -> None:
        """Forget one tenant, or all."""
        if key is None:
            self._tenants.clear()
        else:
            self._tenants.pop(key, None)
