"""The window: the page at `/` and its files; behind the token if there is one."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

from starlette.background import BackgroundTask
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from server.admin.guard import cookie_name, is_local_name, knows_token
from server.settings import Settings
from server.tenant.credentials import KEY_HEADER
from server.wire.body import read_body

FILES = Path(__file__).parents[1] / "window"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
}
"""What a file of the window may be. A table of our own: `mimetypes` depends on the machine."""
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
    " connect-src 'self'; media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
}
MOST_SIGN_IN_BYTES = 4096


class WindowRoute(Route):
    """`GET /` by someone who looks; a client with its API key is left to the contract, which knows no such path."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as a route does, unless the request carries an API key."""
        if scope["type"] == "http" and KEY_HEADER in Headers(scope=scope):
            return Match.NONE, {}
        return super().matches(scope)


def window_endpoint(settings: Settings, then: Callable[[], object]) -> Callable[[Request], Response]:
    """Return what answers `GET /`; `then` is called once the page is sent: it will ask the admin interface next."""

    def page(request: Request) -> Response:
        if settings.admin_token is None and not is_local_name(request.headers.get("host", ""), settings):
            return PlainTextResponse("the window answers no foreign host name without --admin-token\n", 403)
        given = request.query_params.get("token")
        if settings.admin_token and given is not None:
            return _signed_in(request, given, settings.admin_token)
        if settings.admin_token and not knows_token(request.headers, settings.admin_token):
            return window_file("sign-in.html", 401)
        answer = window_file("index.html")
        answer.background = BackgroundTask(then)
        return answer

    return page


def file_endpoint(request: Request) -> Response:
    """Answer with a file of the window; these need nothing that the admin interface has to load first."""
    return window_file(request.path_params["name"])


async def sign_in(request: Request, settings: Settings) -> Response:
    """Answer the form of the sign-in page."""
    body = await read_body(request, MOST_SIGN_IN_BYTES) or b""
    given = parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0]
    return _signed_in(request, given, settings.admin_token or "")


def window_file(name: str, status: int = 200) -> Response:
    """Return a file of the window; 404 for what is none."""
    path = FILES / name
    media_type = MEDIA_TYPES.get(path.suffix)
    if media_type is None or not path.resolve().is_relative_to(FILES.resolve()) or not path.is_file():
        return PlainTextResponse("no such file\n", 404, SECURITY_HEADERS)
    return FileResponse(path, status, SECURITY_HEADERS, media_type)


def _signed_in(request: Request, given: str, token: str) -> Response:
    """Give a cookie for the right token, and a clean address."""
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        return window_file("sign-in.html", 401)
    answer = RedirectResponse("/", 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    name, is_https = cookie_name(request.headers.get("host", "")), request.url.scheme == "https"
    answer.set_cookie(name, token, httponly=True, samesite="lax", secure=is_https)
    return answer
