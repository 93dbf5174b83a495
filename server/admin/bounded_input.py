"""What comes into the admin interface is bounded, and what is wrong with it is said without repeating it.

FastAPI's own answer to invalid input echoes that input: it cannot write NaN, a lone surrogate or bytes as JSON, and
then answers 500; and it sends megabytes back.
"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.contract.printable import printable_ascii
from server.tenant.credentials import MAX_KEY_CHARACTERS

MAX_ADMIN_BODY_BYTES = 16 * 1024 * 1024
"""As large as the body of an emulated call may be."""
_SHOWN_MISTAKES = 20
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def _is_text(value: str) -> str:
    if _NO_TEXT.search(value):
        raise ValueError("no client can send NUL or half a surrogate pair")
    return value


Text = Annotated[str, Field(max_length=2000), AfterValidator(_is_text)]
"""What can be stored and written as UTF-8 everywhere."""
KeyText = Annotated[Text, Field(max_length=MAX_KEY_CHARACTERS)]
"""An API key as a client could send it."""


class BoundedBody:
    """ASGI middleware: a body beyond the bound is 413."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what comes in."""
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_ADMIN_BODY_BYTES:
                raise HTTPException(413, f"at most {MAX_ADMIN_BODY_BYTES} bytes")
            return message

        await self._app(scope, counted, send)


async def say_what_is_wrong(_: Request, error: Exception) -> JSONResponse:
    """Answer invalid input: where it is and what is wrong, not what it was."""
    mistakes = error.errors() if isinstance(error, RequestValidationError) else []
    detail = [
        {
            "type": mistake["type"],
            "loc": [part if isinstance(part, int) else printable_ascii(str(part)) for part in mistake["loc"]],
            "msg": printable_ascii(mistake["msg"]),
        }
        for mistake in mistakes[:_SHOWN_MISTAKES]
    ]
    return JSONResponse({"detail": detail}, 422)


def guard_input(admin: FastAPI) -> None:
    """Put both in front of an admin application."""
    admin.add_middleware(BoundedBody)
    admin.add_exception_handler(RequestValidationError, say_what_is_wrong)
