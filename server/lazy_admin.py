"""The admin interface, imported when it is first needed.

FastAPI and pydantic take as long to import as everything else together. The emulated operations need neither, so the
server is ready in half the time; the admin's import follows in the background.
"""

from __future__ import annotations

import threading

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from server.state_store import StateStore

ADMIN_PATH = "/__mock"


class LazyAdmin:
    """ASGI application that becomes `server.admin` on its first request."""

    def __init__(self, store: StateStore) -> None:
        self._store = store
        self._app: ASGIApp | None = None
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        app = self._app
        if app is None:
            app = await run_in_threadpool(self.load)
        await app(scope, receive, send)

    def load(self) -> ASGIApp:
        """Import and build the admin application once; safe from any thread."""
        with self._lock:
            if self._app is None:
                from server.admin import create_admin

                self._app = create_admin(self._store)
        return self._app
