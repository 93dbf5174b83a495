"""`ailab-mock healthcheck`: is a server ready? For the container's HEALTHCHECK and for scripts that wait."""

from __future__ import annotations

import http.client
import time


def is_ready(host: str, port: int, timeout_s: float = 2.0) -> bool:
    """Ask `/readyz` once."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until_ready(host: str, port: int, timeout_s: float) -> bool:
    """Ask `/readyz` until it says yes or the time is over."""
    deadline_s = time.monotonic() + timeout_s
    while not is_ready(host, port):
        if time.monotonic() >= deadline_s:
            return False
        time.sleep(0.05)
    return True
