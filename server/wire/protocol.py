"""HTTP/1.1 over h11, with the envelope even where no request could be read, and bounds on what a client may hold.

h11 and not httptools: the vendor's Java SDK sends `Upgrade: h2c` on plain http, and with httptools uvicorn then loses
the body.
"""

from __future__ import annotations

import asyncio
import http
import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from server.contract.envelope import Profile, failure_body, new_request_id, shaped
from server.contract.errors import INVALID_HTTP_CODE, ApiError
from server.wire.bounded_connection import BoundedConnection
from server.wire.connection import ABORT, DISMISSED_WITH, HAS_LEFT, IS_GONE
from server.wire.evidence import EVIDENCE_HEADERS, REQUEST_ID_HEADER, reason_header

_CHECK_SECONDS = 5.0
"""How often a connection looks at the clock, at most."""


@dataclass(frozen=True)
class ClientLimits:
    """What clients may hold.

    Attributes
    ----------
    timeout_s : float
        Seconds a client may take to send a head, then the body, and for which it may stop reading an answer.
    max_connections : int
        Beyond it the connection leaves that waits for its client longest.
    """

    timeout_s: float
    max_connections: int


class EnvelopeProtocol(H11Protocol):
    """uvicorn's h11 protocol; malformed, late or cut off requests get the vendor's envelope.

    Parameters
    ----------
    limits : ClientLimits
    note_unread : callable
        Told of a refusal that no application saw: error and `request_id`.
    profile : Profile
        Of the envelope.
    """

    def __init__(
        self,
        *arguments: Any,
        limits: ClientLimits,
        note_unread: Callable[[ApiError, str], None],
        profile: Profile,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self._note_unread = note_unread
        self._profile = profile
        self.conn: BoundedConnection = BoundedConnection()
        self._limits = limits
        self._client_ended = False
        self._dismissed_with: tuple[ApiError, str] | None = None
        self._waiting_since_s = 0.0
        self._unsent = (0, 0.0)
        self._next_look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let the application break this connection, and see whether its client ended it."""
        super().connection_made(transport)
        self.app_state = {
            **self.app_state,
            ABORT: self._abort,
            HAS_LEFT: lambda: self._client_ended,
            IS_GONE: self.transport.is_closing,
            DISMISSED_WITH: lambda: self._dismissed_with,
        }
        self._waiting_since_s = self.loop.time()
        self._make_room()
        self._look_again()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that nobody waits any more."""
        self._client_ended = True
        if self._next_look is not None:
            self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what was sent; note when a head is complete."""
        in_head = self.conn.their_state is h11.IDLE
        super().data_received(data)
        if in_head and self.conn.their_state is not h11.IDLE:
            self._waiting_since_s = self.loop.time()

    def on_response_complete(self) -> None:
        """Wait for the next request; a body that still comes after its answer is not waited for."""
        super().on_response_complete()
        self._waiting_since_s = self.loop.time()
        if self.conn.their_state is h11.SEND_BODY:
            self.transport.close()

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
        why = f"not a valid HTTP/1.1 request: {self.conn.fault}"
        self._answer_and_close(ApiError(INVALID_HTTP_CODE, why=why))

    def _answer_and_close(self, error: ApiError) -> None:
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        request_id = new_request_id()
        if self.conn.our_state is h11.SEND_RESPONSE:
            self._dismissed_with = error, request_id
        else:
            self._note_unread(error, request_id)
        body = json.dumps(shaped(failure_body(request_id, error), self._profile)).encode()
        headers = {
            "content-type": "application/json",
            "content-length": str(len(body)),
            "connection": "close",
            "access-control-allow-origin": "*",
            "access-control-expose-headers": ", ".join(EVIDENCE_HEADERS),
            REQUEST_ID_HEADER: request_id,
            **reason_header(error.why),
        }
        reason = http.HTTPStatus(error.http_status).phrase.encode()
        response = h11.Response(status_code=error.http_status, headers=list(headers.items()), reason=reason)
        for event in (response, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """Answer a client that closed its sending side in the middle of a request.

        Returns
        -------
        bool or None
            True keeps the other direction open until an answer under way is sent.
        """
        if self._is_sending_a_body:
            self.conn.receive_data(b"")
            self._give_up_the_body()
            self.handle_events()
            # It closed its side, as one that leaves does: so it is noted.
            self._dismissed_with = None
            return None
        if self.conn.our_state is h11.SEND_RESPONSE:
            # It may still read, as `nc -N` does, or be gone: both look alike until an answer is written.
            self._client_ended = True
            self.cycle.keep_alive = False
            return True
        return None

    @property
    def _is_sending_a_body(self) -> bool:
        return self.conn.their_state is h11.SEND_BODY and self.conn.our_state is h11.SEND_RESPONSE

    @property
    def _waits_for_its_client(self) -> bool:
        return self.conn.their_state is h11.IDLE or self._is_sending_a_body

    def _give_up_the_body(self) -> None:
        self.cycle.disconnected = True
        self.cycle.message_event.set()

    def _dismiss(self, error: ApiError) -> None:
        """End a connection that waits for its client; one that never sent a byte is closed without a word."""
        if self._is_sending_a_body:
            self._give_up_the_body()
            self._answer_and_close(error)
        elif self.conn.trailing_data[0]:
            self._answer_and_close(error)
        elif self.transport.get_write_buffer_size():
            self.transport.close()
        else:
            # Nothing is left to send; TLS would first wait for the client's goodbye.
            self.transport.abort()

    def _make_room(self) -> None:
        """Where there are too many, end the connection that waits for its client longest; else this new one."""
        if len(self.connections) <= self._limits.max_connections:
            return
        others = [other for other in self.connections if isinstance(other, EnvelopeProtocol) and other is not self]
        staying = [other for other in others if not other.transport.is_closing()]
        if len(staying) < self._limits.max_connections:
            return
        waiting = [other for other in staying if other._waits_for_its_client]
        why = f"{self._limits.max_connections} connections are open, the most allowed"
        error = ApiError("AI_SERVICE_FLOW_RESTRICTION", why=why)
        if waiting:
            min(waiting, key=lambda other: other._waiting_since_s)._dismiss(error)
        else:
            self._answer_and_close(error)

    def _look_again(self) -> None:
        """End the connection if its client is late or does not read on; then look again soon."""
        now_s = self.loop.time()
        timeout_s = self._limits.timeout_s
        unsent_bytes = self.transport.get_write_buffer_size()
        if unsent_bytes != self._unsent[0]:
            self._unsent = (unsent_bytes, now_s)
        if unsent_bytes and now_s - self._unsent[1] > timeout_s:
            self.transport.abort()
        elif (
            self._waits_for_its_client
            and not self.transport.is_closing()
            and now_s - self._waiting_since_s > timeout_s
        ):
            self._dismiss(ApiError(INVALID_HTTP_CODE, why=f"the request did not arrive within {timeout_s:g} s"))
        self._next_look = self.loop.call_later(min(_CHECK_SECONDS, timeout_s / 4), self._look_again)

    def _unsupported_upgrade_warning(self) -> None:
        """Stay silent: `Upgrade: h2c` is normal for a vendor's SDK."""
