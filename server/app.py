"""The application: routes, handlers and lifespan; nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Match, Mount, Route, Router, request_response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.admin.guard import AdminGuard
from server.admin.lazy import ADMIN_PATH, LazyAdmin
from server.admin.window_page import WindowRoute, file_endpoint, window_endpoint
from server.call.answering import Endpoint, enveloped
from server.operation.endpoints import CREDITS_PATH, EDIT_PATH, absent_operation, credits_operation, edit_operation
from server.pixels.process_workers import ProcessWorkers
from server.pixels.workers import LEAST_HANG_SECONDS, PixelWorkers
from server.settings import Settings
from server.state.emulator_state import EmulatorState
from server.wire.cors import VendorCors
from server.wire.evidence import EVIDENCE_HEADERS


class AnythingElse(BaseRoute):
    """Every other method and path, those too that no pattern matches: a line end in it, `*`, a whole address."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._app = request_response(endpoint)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match every request."""
        return (Match.FULL if scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer it."""
        await self._app(scope, receive, send)


def create_app(settings: Settings) -> Starlette:
    """Build the application; all of its state lives in it."""
    workers = _pixel_workers(settings)
    state = EmulatorState.of(settings)
    edit = enveloped("face-attribute-editing", edit_operation(settings, state, workers), state)
    operations = [
        Route(EDIT_PATH, edit, methods=["POST"]),
        Route(CREDITS_PATH, enveloped("query-credits", credits_operation(settings, state), state), methods=["GET"]),
        AnythingElse(enveloped("other", absent_operation(settings, state), state)),
    ]

    def create_admin() -> ASGIApp:
        from server.admin.routes import create_admin

        return create_admin(state, settings, workers, Router(operations))

    admin = LazyAdmin(create_admin)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await state.store.open()
        workers.start_warming()
        yield
        workers.close()
        await state.store.close()

    async def livez(_: Request) -> JSONResponse:
        # Only a new process gets back the threads that hang in native code.
        return JSONResponse({"status": "stuck"}, 503) if workers.is_stuck else JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> JSONResponse:
        if workers.is_stuck:
            return JSONResponse({"status": "stuck"}, 503)
        if workers.is_warm and state.store.is_serving:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "warming up"}, 503, {"Retry-After": "1"})

    routes = [
        Route("/livez", livez),
        Route("/readyz", readyz),
        WindowRoute("/", window_endpoint(settings, then=admin.load)),
        Mount(
            ADMIN_PATH, AdminGuard(Router([Route("/window/{name:path}", file_endpoint), Mount("", admin)]), settings)
        ),
        *operations,
    ]
    cors = Middleware(VendorCors, but_under=ADMIN_PATH, expose_headers=list(EVIDENCE_HEADERS))
    app = Starlette(routes=routes, middleware=[cors], lifespan=lifespan)
    app.state.emulator = state
    return app


def _pixel_workers(settings: Settings) -> PixelWorkers:
    hang_s = max(settings.timeout_s, LEAST_HANG_SECONDS)
    if settings.workers > 1:
        return ProcessWorkers(settings.workers, settings.queue, hang_s)
    return PixelWorkers(settings.threads, settings.queue, hang_s)
