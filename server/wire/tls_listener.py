"""Accepts TLS connections, and counts those whose handshake is not finished: asyncio's own server holds any number.

A client that connects and says nothing would keep a descriptor for a minute, past every bound on connections.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Collection

from server.wire.protocol import ClientLimits

BACKLOG = 2048
"""uvicorn's."""
SHUTDOWN_SECONDS = 1.0
"""What a client gets to close TLS from its side too; then the connection is cut."""
_RETRY_SECONDS = 0.1
"""After a connection could not be accepted, for want of descriptors."""


class TlsListener:
    """One listening socket; `close` and `wait_closed` are those of `asyncio.Server`.

    Parameters
    ----------
    listener : socket.socket
        Bound, not yet listening.
    context : ssl.SSLContext
    make_protocol : callable
        Makes what speaks within TLS.
    connections : collection
        Those whose handshake is finished.
    limits : ClientLimits
        Handshakes have its time, and its number together with `connections`: beyond it the oldest handshake leaves.
    """

    def __init__(
        self,
        listener: socket.socket,
        context: ssl.SSLContext,
        make_protocol: Callable[[], asyncio.Protocol],
        connections: Collection[object],
        limits: ClientLimits,
    ) -> None:
        self._listener = listener
        self._context = context
        self._make_protocol = make_protocol
        self._connections = connections
        self._limits = limits
        self._handshakes: dict[asyncio.Task[None], None] = {}
        listener.setblocking(False)
        listener.listen(BACKLOG)
        self._accepting = asyncio.get_running_loop().create_task(self._accept())

    def close(self) -> None:
        """Accept no more, and let go of unfinished handshakes."""
        for task in (self._accepting, *self._handshakes):
            task.cancel()

    async def wait_closed(self) -> None:
        """Wait until nothing is accepted any more."""
        await asyncio.wait([self._accepting])

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(self._listener)
            except OSError:
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            handshake = loop.create_task(self._shake_hands(connection))
            self._handshakes[handshake] = None
            handshake.add_done_callback(lambda done: self._handshakes.pop(done, None))
            self._make_room()
            # Accepting does not wait while others do: give them, and the handshake, the loop.
            await asyncio.sleep(0)

    def _make_room(self) -> None:
        unfinished = len(self._handshakes)
        if unfinished > 1 and unfinished + len(self._connections) > self._limits.max_connections:
            oldest = next(iter(self._handshakes))
            del self._handshakes[oldest]
            oldest.cancel()

    async def _shake_hands(self, connection: socket.socket) -> None:
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                self._make_protocol,
                connection,
                ssl=self._context,
                ssl_handshake_timeout=self._limits.timeout_s,
                ssl_shutdown_timeout=SHUTDOWN_SECONDS,
            )
        except OSError:
            # No TLS, another version, too late, gone: nobody is there to be answered.
            connection.close()
