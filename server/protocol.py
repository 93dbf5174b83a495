"""HTTP/1.1 over h11, with the envelope even where no request could be read.

h11 and not httptools: the vendor's Java SDK sends `Upgrade: h2c` on plain http, and with httptools uvicorn then loses
the body.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from server.envelope import failure_body, new_request_id
from server.errors import ApiError
from server.fault_responses import ABORT, HAS_LEFT


class EnvelopeProtocol(H11Protocol):
    """uvicorn's h11 protocol; malformed or cut off requests get the vendor's envelope."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let the application break this connection, and see whether its client ended it."""
        super().connection_made(transport)
        self._client_ended = False
        self.app_state = {**self.app_state, ABORT: self._abort, HAS_LEFT: lambda: self._client_ended}

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that nobody waits any more."""
        self._client_ended = True
        super().connection_lost(exc)

    def _abort(self, with_reset: bool) -> None:
        """Close in the middle of an answer: with a reset, or as a server that simply ends."""
        self.cycle.disconnected = True
        if not with_reset:
            self.transport.close()
            return
        connection = self.transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP, or ended too early, and close."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        body = json.dumps(failure_body(new_request_id(), ApiError("ERROR_PARAMETERS"))).encode()
        headers = [("content-type", "application/json"), ("content-length", str(len(body))), ("connection", "close")]
        events = (h11.Response(status_code=400, headers=headers), h11.Data(data=body), h11.EndOfMessage())
        for event in events:
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """Answer a client that closed its sending side in the middle of a request.

        Returns
        -------
        bool or None
            True keeps the other direction open until an answer under way is sent.
        """
        if self.conn.their_state is h11.SEND_BODY and self.conn.our_state is h11.SEND_RESPONSE:
            self.conn.receive_data(b"")
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            self.handle_events()
            return None
        if self.conn.our_state is h11.SEND_RESPONSE:
            # It may still read, as `nc -N` does, or be gone: both look alike until an answer is written.
            self._client_ended = True
            self.cycle.keep_alive = False
            return True
        return None

    def _unsupported_upgrade_warning(self) -> None:
        """Stay silent: `Upgrade: h2c` is normal for a vendor's SDK."""
