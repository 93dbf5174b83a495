"""Reading a request's body whole, so that no refusal ever meets a client that still sends.

Answering before the body has arrived makes the kernel reset the connection, and the client sees a broken pipe where
the contract promises an envelope.
"""

from __future__ import annotations

import time

from starlette.requests import Request

from server.wire.body_room import BodyShare

DRAIN_SECONDS = 10.0
"""How long an oversized body is read and thrown away before the answer is sent all the same."""


async def read_body(request: Request, limit_bytes: int, share: BodyShare | None = None) -> bytes | None:
    """Read the body up to a cap.

    Parameters
    ----------
    request : Request
    limit_bytes : int
        Most that is kept in memory; what comes after is read and dropped.
    share : BodyShare, optional
        Of the room for all bodies, where there is such a bound.

    Returns
    -------
    bytes or None
        None when the body was larger than the cap, or than the room left for it.

    Raises
    ------
    starlette.requests.ClientDisconnect
        The client left before the end.
    """
    # One growing buffer: a list of chunks is thirty times as large when a client sends two bytes at a time.
    body = bytearray()
    dropping_since: float | None = None
    async for chunk in request.stream():
        fits = dropping_since is None and len(body) + len(chunk) <= limit_bytes
        if fits and (share is None or share.take(len(chunk))):
            body += chunk
            continue
        if share is not None:
            share.give_back()
        body.clear()
        dropping_since = dropping_since or time.monotonic()
        if time.monotonic() - dropping_since > DRAIN_SECONDS:
            break
    return bytes(body) if dropping_since is None else None


async def drain(request: Request) -> None:
    """Read and drop the body."""
    await read_body(request, limit_bytes=0)
