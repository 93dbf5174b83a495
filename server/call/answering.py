"""From a handler's outcome to an HTTP answer: the only place where failures become envelopes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from server.call.access_log import log_call
from server.call.call import Call
from server.call.fault_responses import broken
from server.contract.envelope import Profile, failure_body, new_request_id, shaped, success_body, without_picture
from server.contract.errors import ApiError
from server.journal.statistics import CallStatistics
from server.pixels.turns import Interest
from server.state.emulator_state import EmulatorState
from server.state.store import StateError
from server.wire.connection import DISMISSED_WITH, HAS_LEFT, IS_GONE
from server.wire.evidence import DIGEST_HEADER, EXPLAIN_HEADER, REQUEST_ID_HEADER, reason_header

_log = logging.getLogger("ailab_mock")

Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Request, Call], Awaitable[dict[str, Any]]]

CLIENT_LEFT_STATUS = 499
"""nginx's number for a client that left: in the log and the journal only, nobody is there to read it."""


def enveloped(operation: str, handler: Handler, state: EmulatorState) -> Endpoint:
    """Turn a handler into an endpoint whose every outcome is an envelope, one log line and one journal entry.

    The handler returns the business part of a success or raises `ApiError`. A crash is logged with its traceback
    and answered with `SERVICE_INTERNAL_ERROR`; its text never leaves the machine. Latency and faults of the key are
    played last, on the finished answer. `operation` names the calls in the metrics.
    """

    async def endpoint(request: Request) -> Response:
        with state.statistics.answering():
            return await answer(request)

    async def answer(request: Request) -> Response:
        call = Call(request.method, request.scope["path"], new_request_id())
        response: Response
        try:
            business = await handler(request, call)
            body = shaped(success_body(call.request_id, business), state.profile)
            call.envelope = without_picture(body)
            response = JSONResponse(body)
        except ApiError as error:
            response = _refused(call, error, state.profile)
        except ClientDisconnect:
            response = _without_a_body(call, request, state.profile)
        except StateError as error:
            response = _unrecorded(call, error, state.profile)
        except Exception:
            _log.exception("crash while answering %s", call.request_id)
            crash = ApiError("SERVICE_INTERNAL_ERROR", why="a bug in the emulator: see its log")
            response = _refused(call, crash, state.profile)
        status = response.status_code
        call.digest_pictures(with_upload=state.keeps_journal)
        _name_evidence(response, call)
        try:
            response = await _misbehaved(response, call, state)
        except StateError as error:
            response = _unrecorded(call, error, state.profile)
            status = response.status_code
        call.client_left = call.client_left or _has_left(request)
        pictures = call.pictures() if state.keeps_journal else {}
        try:
            await state.store.finish(call.entry(status), pictures, call.has_begun)
        except StateError as error:
            response = _unrecorded(call, error, state.profile)
            status = response.status_code
        log_call(call, status)
        state.statistics.note(operation, call, status)
        return response

    return endpoint


def _without_a_body(call: Call, request: Request, profile: Profile) -> Response:
    """Note a call whose body did not arrive; if its client is still there, the protocol has answered it."""
    dismissed_with = request.scope.get("state", {}).get(DISMISSED_WITH)
    dismissal: tuple[ApiError, str] | None = dismissed_with() if dismissed_with else None
    if dismissal is not None:
        error, call.request_id = dismissal
        return _refused(call, error, profile)
    call.client_left, call.why = True, call.why or "the client left before its body was complete"
    return Response(status_code=CLIENT_LEFT_STATUS)


def _unrecorded(call: Call, error: StateError, profile: Profile) -> Response:
    """Answer a call that could not be recorded: it cost nothing, and its result is not handed out."""
    _log.error("cannot record %s: %s", call.request_id, error)
    lost = ApiError("SERVICE_INTERNAL_ERROR", why=str(error))
    return _refused(call, lost, profile)


def _refused(call: Call, error: ApiError, profile: Profile) -> JSONResponse:
    """Note a refusal and return it as an HTTP response."""
    call.refuse(error)
    call.envelope = shaped(failure_body(call.request_id, error), profile)
    return JSONResponse(call.envelope, error.http_status, reason_header(error.why))


def _name_evidence(response: Response, call: Call) -> None:
    """Add the headers that lead from an answer to what is known of it."""
    response.headers[REQUEST_ID_HEADER] = call.request_id
    if call.trace.explanation:
        response.headers[EXPLAIN_HEADER] = f"/__mock/requests/{call.request_id}"
    if call.result_digest:
        response.headers[DIGEST_HEADER] = f"sha256={call.result_digest}"


def _has_left(request: Request) -> bool:
    """Return whether nobody waits for the answer any more."""
    return client_interest(request) is not Interest.WAITS


def client_interest(request: Request) -> Interest:
    """Tell whether the client still waits for its answer."""
    connection = request.scope.get("state", {})
    if IS_GONE in connection and connection[IS_GONE]():
        return Interest.GONE
    if HAS_LEFT in connection and connection[HAS_LEFT]():
        return Interest.DOUBTFUL
    return Interest.WAITS


async def _misbehaved(response: Response, call: Call, state: EmulatorState) -> Response:
    """Play the latency and the fault that the key's rules draw."""
    misbehavior = await state.store.misbehavior(call.api_key)
    if misbehavior is None:
        return response
    if misbehavior.delay_s > 0:
        await asyncio.sleep(misbehavior.delay_s)
    if misbehavior.fault is None:
        return response
    call.fault = str(misbehavior.fault)
    return broken(response, misbehavior.fault)


def note_unread(statistics: CallStatistics, error: ApiError, request_id: str) -> None:
    """Log and count a refusal of what was no request; without key or path it is no call for the journal."""
    call = Call("-", "-", request_id)
    call.refuse(error)
    log_call(call, error.http_status)
    statistics.note("unread", call, error.http_status)
