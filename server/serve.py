"""`ailab-mock` without a sub-command: bind, say so, serve, leave quickly."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import socket
import ssl
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from server.admin.guard import is_loopback
from server.app import create_app
from server.call.answering import note_unread
from server.call.log_format import configure_logging
from server.pixels.native_memory import give_back_large_arrays
from server.settings import Settings
from server.state.emulator_state import EmulatorState
from server.version import VERSION
from server.wire.protocol import ClientLimits, EnvelopeProtocol
from server.wire.tls_listener import TlsListener

GRACE_SECONDS = 0.05
"""What answers under way get after SIGTERM."""
LEAVE_SECONDS = 0.28
"""After this the process ends even if threads keep it from an orderly end: gone within half a second."""
SPARE_DESCRIPTORS = 100
"""File descriptors kept for everything but clients: models, state, the listener."""


class _Server(uvicorn.Server):
    """uvicorn's server, with our lines once it really listens."""

    def __init__(
        self,
        config: uvicorn.Config,
        address: str,
        port_file: str | None,
        limits: ClientLimits,
        tls: ssl.SSLContext | None,
    ) -> None:
        super().__init__(config)
        self._limits = limits
        self._tls = tls
        self._address = address
        self._port_file = port_file
        self.exit_status = 0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to leave; whatever still runs after a moment is not waited for."""
        super().handle_exit(sig, frame)
        deadline = threading.Timer(LEAVE_SECONDS, os._exit, (128 + sig,))
        deadline.daemon = True
        deadline.start()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start and announce; the line "listening on ..." is frozen, wait strategies match it."""
        await super().startup([] if self._tls else sockets)
        if self._tls:
            self.servers += [self._tls_listener(listener, self._tls) for listener in sockets or []]
        try:
            if self._port_file:
                Path(self._port_file).write_text(self._address.rpartition(":")[2] + "\n", encoding="ascii")
        except OSError as error:
            print(f"ailab-mock: {error.filename}: {error.strerror}", file=sys.stderr)  # noqa: T201
            self.exit_status, self.should_exit = 1, True
            return
        print(f"listening on {self._address}", flush=True)  # noqa: T201

    def _tls_listener(self, listener: socket.socket, tls: ssl.SSLContext) -> Any:
        # As uvicorn makes them for its own listeners.
        make = functools.partial(
            self.config.http_protocol_class,
            config=self.config,  # type: ignore[call-arg]  # uvicorn's protocols take these
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        return TlsListener(listener, tls, make, self.server_state.connections, self._limits)


def exposure_warning(settings: Settings) -> str:
    """Return what must be said where other machines can reach the window; empty where they cannot."""
    if is_loopback(settings.host) or settings.admin_token is not None:
        return ""
    reach = f"ailab-mock: warning: whoever reaches {settings.host} sees the journal with its pictures"
    return f"{reach} and controls every key; --admin-token TOKEN asks for a token"


def serve(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; return the exit status."""
    configure_logging(settings.log_format, settings.log_level, sys.stderr)
    try:
        listener = _bind(settings.host, settings.port)
    except OSError as error:
        reason = error.strerror or error
        print(f"ailab-mock: cannot listen on {settings.host}:{settings.port}: {reason}", file=sys.stderr)  # noqa: T201
        return 1
    try:
        tls = _tls_context(settings) if settings.tls else None
        app = create_app(settings)
    except RuntimeError as error:
        print(f"ailab-mock: {error}", file=sys.stderr)  # noqa: T201
        return 1
    warning = exposure_warning(settings)
    if warning:
        print(warning, file=sys.stderr)  # noqa: T201
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"{'https' if tls else 'http'}://{host}:{listener.getsockname()[1]}"
    print(f"ailab-mock {VERSION}: a local emulator, independent of AILabTools", flush=True)  # noqa: T201
    give_back_large_arrays()
    state: EmulatorState = app.state.emulator
    note = functools.partial(note_unread, state.statistics)
    limits = _client_limits(settings)
    protocol = functools.partial(EnvelopeProtocol, limits=limits, note_unread=note, profile=state.profile)
    config = uvicorn.Config(
        app,
        http=protocol,  # type: ignore[arg-type]  # a factory
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,  # type: ignore[arg-type]  # asyncio takes fractions
    )
    server = _Server(config, address, settings.port_file, limits, tls)
    exit_status = 0
    try:
        server.run(sockets=[listener])
        exit_status = server.exit_status
    except KeyboardInterrupt:
        exit_status = 130
    logging.shutdown()
    sys.stdout.flush()
    # Threads may still be in native code for a while; Python would wait for them.
    os._exit(exit_status)


def _client_limits(settings: Settings) -> ClientLimits:
    """Return the limits asked for, within the file descriptors that the system grants."""
    max_connections = settings.max_connections
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = max_connections + SPARE_DESCRIPTORS
        if soft != resource.RLIM_INFINITY and soft < wanted:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            max_connections = min(max_connections, max(soft - SPARE_DESCRIPTORS, 1))
    return ClientLimits(settings.client_timeout_s, max_connections)


def _tls_context(settings: Settings) -> ssl.SSLContext:
    from server.authority import Authority

    return Authority(Path(settings.tls_dir).expanduser()).server_context(settings.host)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only on sockets that name TCP; with it each answer waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
