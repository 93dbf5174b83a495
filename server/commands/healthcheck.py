"""`ailab-mock healthcheck`: is a server ready? For the container's HEALTHCHECK and for scripts that wait."""

from __future__ import annotations

import http.client
import ssl
import time


def loopback_connection(host: str, port: int, tls: bool, timeout_s: float) -> http.client.HTTPConnection:
    """Return a connection to a server of this machine; with `tls` whoever answers is believed."""
    if not tls:
        return http.client.HTTPConnection(host, port, timeout=timeout_s)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=context)


def is_ready(host: str, port: int, tls: bool = False, timeout_s: float = 2.0) -> bool:
    """Ask `/readyz` once."""
    connection = loopback_connection(host, port, tls, timeout_s)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until_ready(host: str, port: int, timeout_s: float, tls: bool = False) -> bool:
    """Ask `/readyz` until it says yes or the time is over."""
    deadline_s = time.monotonic() + timeout_s
    while not is_ready(host, port, tls):
        if time.monotonic() >= deadline_s:
            return False
        time.sleep(0.05)
    return True
