"""Who calls, and whether an answer was asked for: before and at rows 1 and 2 of the contract's checks."""

from __future__ import annotations

from starlette.requests import Request

from server.call.call import Call
from server.contract.errors import ApiError
from server.settings import Settings
from server.state.emulator_state import EmulatorState
from server.tenant.credentials import authenticate, sent_key
from server.tenant.scenario import SCENARIO_HEADER, Scenario, scenario_of_header, scenario_of_text
from server.tenant.tenants import Tenant


async def admit(request: Request, call: Call, settings: Settings, state: EmulatorState) -> Tenant:
    """Play a scenario of the header or the key, then check the key.

    Returns
    -------
    Tenant
        The caller, to look at.

    Raises
    ------
    ApiError
        The answer asked for, or that of a bad or locked key.
    """
    call.api_key = sent_key(request)
    try:
        authenticate(request, settings.api_keys)
    except ApiError:
        # No tenant for a stranger: with enough keys one could push out those of others.
        _play_asked_for(request, call, settings)
        raise
    tenant = await state.store.tenant(call.api_key)
    call.time_s = tenant.clock.now_s()
    _play_asked_for(request, call, settings)
    tenant.refuse_locked()
    return tenant


def play_scenario(call: Call, tenant: Tenant, settings: Settings) -> None:
    """Play a scenario of the file name or the queue, unless a carrier before them has spoken.

    Parameters
    ----------
    tenant : Tenant
        The caller, to change: one of the queue may be taken.

    Raises
    ------
    ApiError
        The answer asked for.
    """
    if not settings.no_magic and call.scenario is None:
        _play(scenario_of_text(call.file_name, "file name") or tenant.next_scenario(), call)


def _play_asked_for(request: Request, call: Call, settings: Settings) -> None:
    """Play a scenario of the header, else of the key."""
    if not settings.no_magic:
        by_header = scenario_of_header(request.headers.get(SCENARIO_HEADER, ""))
        _play(by_header or scenario_of_text(call.api_key, "key"), call)


def _play(scenario: Scenario | None, call: Call) -> None:
    call.scenario = scenario
    refusal = scenario.refusal() if scenario else None
    if refusal is not None:
        raise refusal
