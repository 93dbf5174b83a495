"""The JSON around every answer, and the only place where failures become answers.

Shape: generation 2 of the vendor's envelope (page and live wire) with `error_code_str` of its OpenAPI: the superset
that every known client accepts.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from server.access_log import log_call
from server.body import drain
from server.call import Call
from server.emulator_state import EmulatorState
from server.errors import ApiError
from server.fault_responses import HAS_LEFT, broken
from server.printable import printable_ascii

_log = logging.getLogger("ailab_mock")

Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Request, Call], Awaitable[dict[str, Any]]]

CLIENT_LEFT_STATUS = 499
"""nginx's number for a client that left: in the log and the journal only, nobody is there to read it."""
WHY_HEADER = "X-Mock-Why"
"""Outside the contract: one line for people on why a call was refused."""


def new_request_id() -> str:
    """Return a fresh id in the vendor's form: lower-case hex grouped 8-4-4-4-12."""
    return str(uuid.uuid4())


def success_body(request_id: str, business: dict[str, Any]) -> dict[str, Any]:
    """Return the envelope of a success; `business` holds `result` or `data`."""
    return {
        "request_id": request_id,
        "log_id": request_id,
        "error_code": 0,
        "error_code_str": "",
        "error_msg": "",
        "error_detail": {"status_code": 200, "code": "", "code_message": "", "message": ""},
        **business,
    }


def failure_body(request_id: str, error: ApiError) -> dict[str, Any]:
    """Return the envelope of a refusal."""
    return {
        "request_id": request_id,
        "log_id": request_id,
        "error_code": error.http_status,
        "error_code_str": error.error_code_str,
        "error_msg": error.error_msg,
        "error_detail": {
            "status_code": error.http_status,
            "code": error.code,
            "code_message": error.code_message,
            "message": error.message,
        },
    }


def failure_response(error: ApiError, request_id: str = "") -> JSONResponse:
    """Return a refusal as an HTTP response."""
    headers = {WHY_HEADER: printable_ascii(error.why)} if error.why else {}
    return JSONResponse(failure_body(request_id or new_request_id(), error), error.http_status, headers)


def enveloped(handler: Handler, state: EmulatorState) -> Endpoint:
    """Turn a handler into an endpoint whose every outcome is an envelope, one log line and one journal entry.

    The handler returns the business part of a success or raises `ApiError`. A crash is logged with its traceback
    and answered with `SERVICE_INTERNAL_ERROR`; its text never leaves the machine. Latency and faults of the key are
    played last, on the finished answer.
    """

    async def endpoint(request: Request) -> Response:
        call = Call(request.method, request.url.path, new_request_id())
        response: Response
        try:
            response = JSONResponse(success_body(call.request_id, await handler(request, call)))
        except ApiError as error:
            call.refuse(error)
            response = failure_response(error, call.request_id)
        except ClientDisconnect:
            call.client_left, call.why = True, "the client left before its body was complete"
            response = Response(status_code=CLIENT_LEFT_STATUS)
        except Exception:
            _log.exception("crash while answering %s", call.request_id)
            crash = ApiError("SERVICE_INTERNAL_ERROR", why="a bug in the emulator: see its log")
            call.refuse(crash)
            response = failure_response(crash, call.request_id)
        status = response.status_code
        response = await _misbehaved(response, call, state)
        call.client_left = call.client_left or await _has_left(request)
        log_call(call, status)
        state.journal.add(call.entry(status, state.blobs))
        return response

    return endpoint


async def _has_left(request: Request) -> bool:
    """Return whether nobody waits for the answer any more."""
    client_ended = request.scope.get("state", {}).get(HAS_LEFT)
    return bool(client_ended and client_ended()) or await request.is_disconnected()


async def _misbehaved(response: Response, call: Call, state: EmulatorState) -> Response:
    """Play the latency and the fault that the key's rules draw."""
    rules = state.tenants.fault_rules(call.api_key)
    if not rules.is_set:
        return response
    delay_s = rules.draw_latency_s()
    if delay_s > 0:
        await asyncio.sleep(delay_s)
    fault = rules.draw_fault()
    if fault is None:
        return response
    call.fault = str(fault.kind)
    return broken(response, fault.kind)


def install_failure_handlers(app: FastAPI) -> None:
    """Answer the framework's own errors with envelopes too."""

    async def not_there(request: Request, _: Exception) -> Response:
        await drain(request)
        return failure_response(ApiError("ERROR_AI_NOT_EXISTS"))

    async def invalid(request: Request, _: Exception) -> Response:
        await drain(request)
        return failure_response(ApiError("ERROR_PARAMETERS"))

    app.add_exception_handler(HTTPException, not_there)
    app.add_exception_handler(RequestValidationError, invalid)
