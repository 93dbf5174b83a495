"""How log lines look: for people, or one JSON object a line for machines (`--log-format`)."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

FIELDS = "fields"
"""Attribute of a log record (`extra`) under which a line's members are, in order."""
_NOISY = ("python_multipart", "uvicorn.error", "asyncio")
"""Libraries that warn of what a client did wrong, which our own line of the call says already."""


class TextFormatter(logging.Formatter):
    """Time and message; of a call its members in a row."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's name
        """Return the line."""
        fields: dict[str, Any] | None = getattr(record, FIELDS, None)
        if fields is not None:
            record.message = " ".join(_shown(name, value) for name, value in fields.items())
        return super().formatMessage(record)


class JsonFormatter(logging.Formatter):
    """An object with `time` (ISO 8601, UTC), `level`, `message`, and the members of a call."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": time, "level": record.levelname.lower(), "message": record.getMessage()}
        line |= getattr(record, FIELDS, {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def _shown(name: str, value: object) -> str:
    if name in ("method", "path", "status", "code"):
        return str(value)
    if name == "duration_ms":
        return f"{value:.0f}ms"
    return f"({value})" if name == "why" else f"{name}={value}"


def configure_logging(log_format: str, level: str, stream: Any) -> None:
    """Write lines of at least a level to a stream; of other libraries what is an error."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    logging.basicConfig(handlers=[handler])
    logging.getLogger("ailab_mock").setLevel(level.upper())
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.ERROR)
