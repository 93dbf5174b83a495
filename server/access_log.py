"""One log line a call: method, path, status, code, milliseconds, key (shortened), picture size, why."""

from __future__ import annotations

import logging

from server.call import Call
from server.credentials import shorten_key
from server.printable import printable_ascii

_log = logging.getLogger("ailab_mock")


def log_call(call: Call, status: int) -> None:
    """Write the line of a finished call."""
    parts = [call.method, printable_ascii(call.path), str(status), call.code or "ok", f"{call.duration_ms():.0f}ms"]
    if call.api_key:
        parts.append(f"key={shorten_key(call.api_key)}")
    if call.picture_size_wh:
        parts.append("{}x{}".format(*call.picture_size_wh))
    if call.fault:
        parts.append(f"fault={call.fault}")
    if call.why:
        parts.append(f"({printable_ascii(call.why)})")
    _log.info(" ".join(parts))
