"""Who may use the admin interface and the window: this machine's own pages and tools, or who knows the token.

A page of another site must not reach them through a visitor's browser: by its own requests (Fetch Metadata,
`Origin`), or under a name of its own that it lets point to this machine (DNS rebinding: the `Host` header).
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from server.admin.lazy import ADMIN_PATH
from server.settings import Settings

LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".test", ".home.arpa", ".lan", ".svc")
"""Names that no public DNS server gives (RFC 6761, 6762, 8375; `.internal` by ICANN; the last two by habit)."""
_LABEL = re.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?")
OPEN_PATHS = (f"{ADMIN_PATH}/window/", f"{ADMIN_PATH}/samples/", f"{ADMIN_PATH}/sign-in")
"""What needs no token: files that come with the emulator, and where the token is given."""


class AdminGuard:
    """ASGI application that passes on what may come in."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on or refuse it."""
        refusal = None
        if scope["type"] == "http":
            is_open = scope["path"].startswith(OPEN_PATHS)
            refusal = _refusal(Headers(scope=scope), self._settings, is_open)
        await (refusal or self._app)(scope, receive, send)


def _refusal(headers: Headers, settings: Settings, is_open: bool) -> JSONResponse | None:
    cross_site = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    origin = headers.get("origin")
    if cross_site or (origin and origin.partition("://")[2] != headers.get("host")):
        return JSONResponse({"detail": "the admin interface answers no cross-site requests"}, 403)
    if settings.admin_token:
        if is_open or knows_token(headers, settings.admin_token):
            return None
        hint = "send Authorization: Bearer TOKEN with the server's --admin-token"
        return JSONResponse({"detail": hint}, 401, {"WWW-Authenticate": "Bearer"})
    if not is_local_name(headers.get("host", ""), settings):
        hint = "the admin interface answers no foreign host name; with --admin-token it answers under any name"
        hint += "; in Kubernetes it also answers to SERVICE.NAMESPACE.svc"
        return JSONResponse({"detail": hint}, 403)
    return None


def knows_token(headers: Headers, token: str) -> bool:
    """Return whether a request carries the token: as `Authorization: Bearer`, or as the window's cookie."""
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    given = bearer.strip() if scheme.lower() == "bearer" else _cookie(headers)
    return hmac.compare_digest(given.encode(), token.encode())


def cookie_name(host: str) -> str:
    """Return the cookie's name: cookies do not tell ports apart, so the name does."""
    port = host.rpartition(":")[2]
    return f"ailab-mock-{port if port.isdigit() else 'token'}"


def is_local_name(host: str, settings: Settings) -> bool:
    """Return whether a `Host` header names this machine as no foreign page can."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    name = name.strip("[]").rstrip(".").lower()
    if not name:
        return True
    if "." not in name or name.endswith(LOCAL_ENDINGS) or name == settings.host:
        return True
    return _is_address(name) or _has_no_public_ending(name) or (settings.tls and name == "www.ailabapi.com")


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches a listening address."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _has_no_public_ending(name: str) -> bool:
    """Return whether a name ends in what can be no public domain: `service.namespace` of many a cluster.

    Public ones are letters only, or `xn--` (RFC 3696, 2; ICANN's Applicant Guidebook, 2.2.1.3.2).
    """
    ending = name.rpartition(".")[2]
    return bool(_LABEL.fullmatch(ending)) and not ending.isalpha() and not ending.startswith("xn--")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(cookie_name(headers.get("host", "")))
    except CookieError:
        return ""
    return found.value if found else ""
