"""One log line a call: method, path, status, code, milliseconds, key (shortened), picture size, why."""

from __future__ import annotations

import logging
import time

from server.call import Call
from server.printable import printable_ascii

_log = logging.getLogger("ailab_mock")

_SHOWN_KEY_CHARACTERS = 6


def shorten_key(api_key: str) -> str:
    """Return a key as logs may show it: its first characters only, printable."""
    shown = printable_ascii(api_key[:_SHOWN_KEY_CHARACTERS])
    return f"{shown}..." if len(api_key) > _SHOWN_KEY_CHARACTERS else shown


def log_call(call: Call, status: int) -> None:
    """Write the line of a finished call."""
    milliseconds = (time.perf_counter() - call.started_s) * 1000
    parts = [call.method, printable_ascii(call.path), str(status), call.code or "ok", f"{milliseconds:.0f}ms"]
    if call.api_key:
        parts.append(f"key={shorten_key(call.api_key)}")
    if call.picture_size_wh:
        parts.append("{}x{}".format(*call.picture_size_wh))
    if call.why:
        parts.append(f"({printable_ascii(call.why)})")
    _log.info(" ".join(parts))
