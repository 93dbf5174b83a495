"""A journaled call sent once more, through the same routes, as if its client had done it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Scope

from server.admin.reproduction import scenario_header
from server.journal.entries import Entry
from server.tenant.credentials import KEY_HEADER


@dataclass(frozen=True)
class Replayed:
    """What the second call was answered; `request_id` leads to its own journal entry."""

    status: int
    request_id: str


async def replay(entry: Entry, picture: bytes | None, operations: ASGIApp) -> Replayed:
    """Send a call again: same key, fields, picture and scenario header.

    Parameters
    ----------
    entry : Entry
    picture : bytes or None
        The upload, where there was one.
    operations : ASGI application
        The emulated operations.
    """
    content_type, body = multipart_body(entry, picture)
    headers = {KEY_HEADER: entry.key, "content-type": content_type, "content-length": str(len(body))}
    headers |= scenario_header(entry)
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": entry.method,
        "scheme": "http",
        "path": entry.path,
        "raw_path": entry.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()],
        "client": None,
        "server": None,
        "state": {},
    }
    messages: list[Message] = []
    unread = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return unread.pop() if unread else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)

    await operations(scope, receive, send)
    status = next((message["status"] for message in messages if message["type"] == "http.response.start"), 0)
    answer = b"".join(message.get("body", b"") for message in messages if message["type"] == "http.response.body")
    return Replayed(status, _request_id(answer))


def _request_id(answer: bytes) -> str:
    """Return the answer's id; empty where a fault broke the answer."""
    try:
        envelope: Any = json.loads(answer)
    except ValueError:
        return ""
    return str(envelope.get("request_id", "")) if isinstance(envelope, dict) else ""


def multipart_body(entry: Entry, picture: bytes | None) -> tuple[str, bytes]:
    """Return the content type and the body of a form with the entry's fields and a picture."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'.encode()
        for name, value in entry.fields.items()
    ]
    if picture is not None:
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="{_quoted(entry.file_name)}"\r\n'
        )
        parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + picture + b"\r\n")
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


def _quoted(text: str) -> str:
    """Quote as RFC 9110 does, which our parser undoes: browsers' `%22` would come back as another name."""
    return text.replace("\\", "\\\\").replace('"', '\\"')
