"""CORS: pages may call the emulated routes and read refusals too; the admin interface is not for them."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.types import Receive, Scope, Send

from server.lazy_admin import ADMIN_PATH


class VendorCors(CORSMiddleware):
    """CORS for every path but the admin's."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the admin's requests by."""
        if scope["type"] == "http" and scope["path"].startswith(ADMIN_PATH):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
