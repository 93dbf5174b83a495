"""The JSON around every answer, and the only place where failures become answers.

Shape: generation 2 of the vendor's envelope (page and live wire) with `error_code_str` of its OpenAPI: the superset
that every known client accepts.
"""

from __future__ import annotations

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
from server.errors import ApiError
from server.printable import printable_ascii

_log = logging.getLogger("ailab_mock")

Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Request, Call], Awaitable[dict[str, Any]]]

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


def enveloped(handler: Handler) -> Endpoint:
    """Turn a handler into an endpoint whose every outcome is an envelope and one log line.

    The handler returns the business part of a success or raises `ApiError`. A crash is logged with its traceback
    and answered with `SERVICE_INTERNAL_ERROR`; its text never leaves the machine.
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
            call.why = "the client left before its body was complete"
            response = Response(status_code=499)
        except Exception:
            _log.exception("crash while answering %s", call.request_id)
            crash = ApiError("SERVICE_INTERNAL_ERROR", why="a bug in the emulator: see its log")
            call.refuse(crash)
            response = failure_response(crash, call.request_id)
        log_call(call, response.status_code)
        return response

    return endpoint


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
