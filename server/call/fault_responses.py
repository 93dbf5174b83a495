"""Faults played on a finished answer: each is an ASGI response of its own."""

from __future__ import annotations

import asyncio

from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from server.tenant.faults import FaultKind
from server.wire.connection import ABORT

TRICKLE_CHUNKS = 20
TRICKLE_PAUSE_S = 0.1
GATEWAY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


def broken(answer: Response, kind: FaultKind) -> Response:
    """Return an answer as a fault makes it.

    Parameters
    ----------
    answer : Response
        What would have been sent.
    kind : FaultKind
    """
    if kind is FaultKind.BAD_GATEWAY:
        return HTMLResponse(GATEWAY_PAGE, 502)
    if kind is FaultKind.MALFORMED_JSON:
        cut = bytes(answer.body)[:-1] + b',"'
        return Response(cut, answer.status_code, media_type="application/json")
    return _Broken(answer, kind)


class _Broken(Response):
    """An answer whose connection misbehaves."""

    def __init__(self, answer: Response, kind: FaultKind) -> None:
        self._answer = answer
        self._kind = kind
        super().__init__(status_code=answer.status_code)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        abort = scope.get("state", {}).get(ABORT)
        if self._kind is FaultKind.SLOW_TRICKLE:
            await self._trickle(send)
            return
        if self._kind is FaultKind.TRUNCATED_BODY:
            await self._start(send)
            await send(
                {"type": "http.response.body", "body": self._content[: len(self._content) // 2], "more_body": True}
            )
            await asyncio.sleep(0.05)
            if abort is not None:
                abort(with_reset=False)
            return
        if abort is not None:
            abort(with_reset=self._kind is FaultKind.CONNECTION_RESET)

    @property
    def _content(self) -> bytes:
        return bytes(self._answer.body)

    async def _start(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code, "headers": self._answer.raw_headers}
        await send(start)

    async def _trickle(self, send: Send) -> None:
        await self._start(send)
        size = max(len(self._content) // TRICKLE_CHUNKS, 1)
        for at in range(0, len(self._content), size):
            await send({"type": "http.response.body", "body": self._content[at : at + size], "more_body": True})
            await asyncio.sleep(TRICKLE_PAUSE_S)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
