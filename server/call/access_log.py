"""One log line a call: method, path, status, code, milliseconds, id, key (shortened), picture size, fault, why."""

from __future__ import annotations

import logging
from typing import Any

from server.call.call import Call
from server.call.log_format import FIELDS
from server.contract.printable import printable_ascii
from server.tenant.credentials import shorten_key

_log = logging.getLogger("ailab_mock")


def log_call(call: Call, status: int) -> None:
    """Write the line of a finished call."""
    if not _log.isEnabledFor(logging.INFO):
        return
    fields: dict[str, Any] = {
        "method": printable_ascii(call.method, 20),
        "path": printable_ascii(call.path),
        "status": status,
        "code": call.code or "ok",
        "duration_ms": call.duration_ms(),
        "id": call.request_id,
    }
    optional = {
        "key": shorten_key(call.api_key),
        "picture": "{}x{}".format(*call.picture_size_wh) if call.picture_size_wh else "",
        "fault": call.fault,
        "why": printable_ascii(call.why),
    }
    _log.info("call", extra={FIELDS: fields | {name: value for name, value in optional.items() if value}})
