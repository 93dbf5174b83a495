"""One tenant's rules, wherever it is kept: holds, overdrafts, dice."""

from __future__ import annotations

import pytest

from server.contract.errors import ApiError
from server.tenant.faults import Distribution, Fault, FaultKind, FaultRules, Latency
from server.tenant.tenants import Tenant


def tenant(balance: int) -> Tenant:
    return Tenant("k", balance, with_magic=True)


def test_running_calls_hold_their_price() -> None:
    caller = tenant(20)
    caller.begin("a")
    caller.begin("b")
    with pytest.raises(ApiError, match="ERROR_NOT_ENOUGH_CREDITS"):
        caller.begin("c")
    assert (caller.end("a", succeeded=False), caller.account.balance) == (0, 20)
    caller.begin("c")
    assert (caller.end("b", succeeded=True), caller.end("c", succeeded=True)) == (8, 8)
    assert (caller.account.balance, caller.running) == (4, {})


def test_a_call_that_outlived_a_reset_costs_nothing() -> None:
    assert tenant(20).end("unknown", succeeded=True) == 0


def test_a_balance_set_meanwhile_is_never_overdrawn() -> None:
    caller = tenant(20)
    caller.begin("a")
    caller.account.recharge(3)
    assert (caller.end("a", succeeded=True), caller.account.balance) == (3, 0)


def test_a_refused_call_holds_nothing() -> None:
    caller = tenant(20)
    caller.limiter.concurrent = 0
    with pytest.raises(ApiError, match="EXCEEDING_LIMITS"):
        caller.begin("a")
    assert caller.running == {}


def test_dice_go_on_from_their_count() -> None:
    faults, latency = (Fault(FaultKind.BAD_GATEWAY, 0.5),), Latency(Distribution.UNIFORM, 0, 100)
    one = FaultRules(faults, latency, seed=7)
    thrown = [one.throw() for _ in range(20)]
    assert {bool(misbehavior.fault) for misbehavior in thrown} == {True, False}
    assert len({misbehavior.delay_s for misbehavior in thrown}) == 20
    resumed = FaultRules(faults, latency, seed=7, throws=10)
    assert [resumed.throw() for _ in range(10)] == thrown[10:]
    assert FaultRules(faults, latency, seed=8).throw() != thrown[0]
