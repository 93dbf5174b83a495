"""CORS: pages may call the emulated routes and read refusals too; the admin interface is not for them."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class VendorCors(CORSMiddleware):
    """CORS for every path but those under `but_under`; pages may read `expose_headers`."""

    def __init__(self, app: ASGIApp, but_under: str, expose_headers: Sequence[str]) -> None:
        every = ["*"]
        super().__init__(
            app,
            allow_origins=every,
            allow_methods=every,
            allow_headers=every,
            # A page of a public address asks before it calls this machine (WICG, Private Network Access).
            allow_private_network=True,
            expose_headers=expose_headers,
        )
        self._but_under = but_under

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the admin's requests by."""
        if scope["type"] == "http" and scope["path"].startswith(self._but_under):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
