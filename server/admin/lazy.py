"""The admin interface, imported when it is first needed.

FastAPI and pydantic take as long to import as everything else together, and 20 MB. The emulated operations need
neither: the first call of the admin waits a third of a second, a server whose admin nobody calls never pays.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

ADMIN_PATH = "/__mock"


class LazyAdmin:
    """ASGI application that becomes what `create` makes on its first request."""

    def __init__(self, create: Callable[[], ASGIApp]) -> None:
        self._create = create
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
                self._app = self._create()
        return self._app
