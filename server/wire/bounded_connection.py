"""h11's parser with what it lacks: bounds on heads and chunks, whole addresses, and why it refused, for people."""

from __future__ import annotations

import re
from typing import Any

import h11

MAX_HEAD_BYTES = 16 * 1024
"""Longest request line and headers together; what is longer is no valid HTTP to us."""
MAX_TINY_CHUNKS = 10_000
TINY_CHUNK_BYTES = 64
"""A body in more chunks than that, of fewer bytes each on average, is not read on: a chunk costs as much time as
kilobytes of data, and the event loop's time is everybody's."""

_QUOTED_BYTES = re.compile(r":? (bytearray\()?b['\"].*", re.DOTALL)
"""What h11 quotes of a client, perhaps its key."""
_SCHEME_AND_HOST = re.compile(rb"https?://[^/?]*", re.IGNORECASE)


class BoundedConnection(h11.Connection):
    """h11's parser, which measures a head only while it is incomplete and chunks not at all, with bounds on both.

    Attributes
    ----------
    fault : str
        What was first found wrong; empty while nothing is.
    """

    def __init__(self) -> None:
        super().__init__(h11.SERVER, MAX_HEAD_BYTES)
        self._pieces = 0
        self._bytes = 0
        self.fault = ""

    def next_event(self) -> Any:
        """Return h11's next event.

        Raises
        ------
        h11.RemoteProtocolError
        """
        try:
            return self._bounded_event()
        except h11.RemoteProtocolError as error:
            self.fault = self.fault or _QUOTED_BYTES.sub("", str(error))
            raise

    def _bounded_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._pieces = self._bytes = 0
            if len(event.target) + sum(len(name) + len(value) for name, value in event.headers) > MAX_HEAD_BYTES:
                raise h11.RemoteProtocolError("the head is too long", 431)
            return _in_origin_form(event)
        if isinstance(event, h11.Data):
            self._pieces += 1
            self._bytes += len(event.data)
            if self._pieces > MAX_TINY_CHUNKS and self._bytes < self._pieces * TINY_CHUNK_BYTES:
                raise h11.RemoteProtocolError("the chunks are too small")
        return event


def _in_origin_form(request: h11.Request) -> h11.Request:
    """Return a request without scheme and host in its target, as clients of a proxy send them (RFC 9112, 3.2.2)."""
    found = _SCHEME_AND_HOST.match(request.target)
    if found is None:
        return request
    rest = request.target[found.end() :]
    target = rest if rest.startswith(b"/") else b"/" + rest
    return h11.Request(
        method=request.method,
        target=target,
        headers=list(request.headers.raw_items()),
        http_version=request.http_version,
    )
