"""A journal entry as something to run or to open elsewhere: curl, a pytest test, HAR.

The API key is never written out: what runs takes it from `AILAB_API_KEY`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from server.credentials import KEY_HEADER, shorten_key
from server.journal import Entry
from server.version import VERSION

_PICTURE_PLACEHOLDER = "picture.jpg"


def as_curl(entry: Entry, base_url: str) -> str:
    """Return a shell line that repeats the call; the upload is fetched from the journal by the line before it."""
    line = shlex.join(["curl", "-s", "-X", entry.method, base_url + entry.path])
    line += f' -H "{KEY_HEADER}: ${{AILAB_API_KEY:-any-key}}"'
    for name, value in entry.fields.items():
        line += " " + shlex.join(["--form-string", f"{name}={value}"])
    if not entry.picture_digest:
        return line + "\n"
    fetch = shlex.join(["curl", "-s", "-o", _PICTURE_PLACEHOLDER, f"{base_url}/__mock/requests/{entry.id}/picture"])
    return f"{fetch}\n{line} -F image=@{_PICTURE_PLACEHOLDER}\n"


def as_pytest(entry: Entry, base_url: str) -> str:
    """Return a test that repeats the call and expects the same answer; it needs httpx."""
    files = f'{{"image": open("{_PICTURE_PLACEHOLDER}", "rb")}}' if entry.picture_digest else "None"
    return (
        "import os\n\nimport httpx\n\n\n"
        f"def test_{(entry.code or 'success').lower()}():\n"
        f"    answer = httpx.request(\n"
        f"        {entry.method!r},\n"
        f"        {base_url + entry.path!r},\n"
        f'        headers={{{KEY_HEADER!r}: os.environ.get("AILAB_API_KEY", "any-key")}},\n'
        f"        data={entry.fields!r},\n"
        f"        files={files},\n"
        f"        timeout=60,\n"
        f"    )\n"
        f"    assert answer.status_code == {entry.status}\n"
        f'    assert answer.json()["error_detail"]["code"] == {entry.code!r}\n'
    )


def as_har(entries: Iterable[Entry], base_url: str) -> dict[str, Any]:
    """Return calls in the HTTP Archive format 1.2; keys are shortened."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "ailab-mock", "version": VERSION},
            "entries": [_har_entry(entry, base_url) for entry in entries],
        }
    }


def _har_entry(entry: Entry, base_url: str) -> dict[str, Any]:
    parameters: list[dict[str, str]] = [{"name": name, "value": value} for name, value in entry.fields.items()]
    if entry.picture_digest:
        parameters.append({"name": "image", "fileName": entry.file_name, "comment": f"sha256 {entry.picture_digest}"})
    request = {
        "method": entry.method,
        "url": base_url + entry.path,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": KEY_HEADER, "value": shorten_key(entry.key)}],
        "queryString": [],
        "postData": {"mimeType": "multipart/form-data", "params": parameters},
        "headersSize": -1,
        "bodySize": entry.picture_bytes,
    }
    content = {"size": 0, "mimeType": "application/json", "comment": entry.code or "ok"}
    response = {
        "status": entry.status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [],
        "content": content,
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    }
    return {
        "startedDateTime": datetime.fromtimestamp(entry.time_s, UTC).isoformat(),
        "time": entry.duration_ms,
        "request": request,
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": entry.duration_ms, "receive": 0},
    }
