"""Who calls, and whether an answer was asked for: before and at rows 1 and 2 of the contract's checks."""

from __future__ import annotations

from starlette.requests import Request

from server.call import Call
from server.credentials import KEY_HEADER, authenticate
from server.emulator_state import EmulatorState
from server.scenario import SCENARIO_HEADER, Scenario, scenario_of_header, scenario_of_text
from server.settings import Settings
from server.tenants import Tenant


def admit(request: Request, call: Call, settings: Settings, state: EmulatorState) -> Tenant:
    """Play the scenario asked for, then check the key.

    Parameters
    ----------
    request : Request
    call : Call
        Its form is noted already; the scenario is noted here.
    settings : Settings
    state : EmulatorState

    Returns
    -------
    Tenant
        The caller.

    Raises
    ------
    ApiError
        The answer asked for, or that of a bad or locked key.
    """
    call.api_key = request.headers.get(KEY_HEADER, "").strip()
    tenant = state.tenants.of(call.api_key)
    call.time_s = tenant.clock.now_s()
    if not settings.no_magic:
        call.scenario = _scenario(request, call, tenant)
        refusal = call.scenario.refusal() if call.scenario else None
        if refusal is not None:
            raise refusal
    authenticate(request, settings.api_keys)
    tenant.refuse_locked()
    return tenant


def _scenario(request: Request, call: Call, tenant: Tenant) -> Scenario | None:
    """Ask the carriers in their order of precedence; a queue is only touched when no other speaks."""
    return (
        scenario_of_header(request.headers.get(SCENARIO_HEADER, ""))
        or scenario_of_text(call.api_key, "key")
        or scenario_of_text(call.file_name, "file name")
        or tenant.next_scenario()
    )
