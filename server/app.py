"""The application: routes, handlers and lifespan; nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

from server.admin import ADMIN_PATH, create_admin
from server.answering import DIGEST_HEADER, EXPLAIN_HEADER, WHY_HEADER, enveloped, install_failure_handlers
from server.emulator_state import EmulatorState
from server.operation import CREDITS_PATH, EDIT_PATH, absent_operation, credits_operation, edit_operation
from server.settings import Settings
from server.workers import PixelWorkers


class VendorCors(CORSMiddleware):
    """CORS for every path but the admin's."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the admin's requests by."""
        if scope["type"] == "http" and scope["path"].startswith(ADMIN_PATH):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def create_app(settings: Settings) -> FastAPI:
    """Build the application; all of its state lives in it."""
    workers = PixelWorkers(settings.threads)
    state = EmulatorState.of(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        workers.start_warming()
        yield
        workers.close()

    app = FastAPI(title="ailab-mock", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    install_failure_handlers(app)
    # Browsers may call the emulated routes from any page, and must be able to read refusals too; not the admin's.
    app.add_middleware(
        VendorCors,
        allow_origins=["*"],
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=[WHY_HEADER, EXPLAIN_HEADER, DIGEST_HEADER],
    )

    async def livez() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def readyz() -> JSONResponse:
        if workers.is_warm:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "warming up"}, 503, {"Retry-After": "1"})

    app.add_api_route("/livez", livez, methods=["GET", "HEAD"])
    app.add_api_route("/readyz", readyz, methods=["GET", "HEAD"])
    app.add_route(EDIT_PATH, enveloped(edit_operation(settings, state, workers), state), methods=["POST"])
    app.add_route(CREDITS_PATH, enveloped(credits_operation(settings, state), state), methods=["GET"])
    app.mount(ADMIN_PATH, create_admin(state))
    app.add_route("/{path:path}", enveloped(absent_operation(settings, state), state), methods=EVERY_METHOD)
    return app
