"""A journal entry as something to run or to open elsewhere: curl, a pytest test, HAR.

The API key is never written out: what runs takes it from `AILAB_API_KEY`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from server.admin.lazy import ADMIN_PATH
from server.journal.entries import Entry
from server.tenant.credentials import KEY_HEADER, shorten_key
from server.tenant.scenario import OK, SCENARIO_HEADER
from server.version import VERSION

_PICTURE_FILE = "picture.jpg"
_TOKEN_HEADER = '-H "Authorization: Bearer $AILAB_MOCK_ADMIN_TOKEN"'
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")


def as_curl(entry: Entry, base_url: str, needs_token: bool = False) -> str:
    """Return shell lines that repeat the call; the upload is fetched from the journal first.

    Parameters
    ----------
    entry : Entry
    base_url : str
        Of this emulator.
    needs_token : bool
        The journal asks for the token; it is taken from `AILAB_MOCK_ADMIN_TOKEN`.
    """
    command = [shlex.join(["curl", "-sS", "-X", entry.method, base_url + entry.path])]
    command.append(f'-H "{KEY_HEADER}: ${{AILAB_API_KEY:-any-key}}"')
    command += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in scenario_header(entry).items()]
    command += [f"--form-string {shlex.quote(f'{name}={value}')}" for name, value in entry.fields.items()]
    if entry.picture_digest:
        name = _file_name(entry).replace("\\", "\\\\").replace('"', '\\"')
        command.append("-F " + shlex.quote(f'image=@{_PICTURE_FILE};filename="{name}"'))
    lines = " \\\n  ".join(command) + "\n"
    if not entry.picture_digest:
        return lines
    fetch = shlex.join(["curl", "-sS", "-o", _PICTURE_FILE, base_url + _picture_path(entry)])
    return f"{fetch} {_TOKEN_HEADER}\n{lines}" if needs_token else f"{fetch}\n{lines}"


def as_pytest(entry: Entry, base_url: str, needs_token: bool = False) -> str:
    """Return a test that repeats the call and expects the same answer; it needs httpx. Parameters as in `as_curl`."""
    fetch, files = "", "None"
    if entry.picture_digest:
        token = (
            ', headers={"Authorization": f"Bearer {os.environ[\'AILAB_MOCK_ADMIN_TOKEN\']}"}' if needs_token else ""
        )
        fetch = f"    picture = httpx.get(EMULATOR + {_picture_path(entry)!r}{token}).raise_for_status().content\n"
        files = f'{{"image": ({_file_name(entry)!r}, picture)}}'
    scenario = "".join(f", {name!r}: {value!r}" for name, value in scenario_header(entry).items())
    return (
        f"import os\n\nimport httpx\n\nEMULATOR = {base_url!r}\n\n\n"
        f"def test_{(entry.code or 'success').lower()}():\n{fetch}"
        f"    answer = httpx.request(\n"
        f"        {entry.method!r},\n"
        f"        EMULATOR + {entry.path!r},\n"
        f'        headers={{{KEY_HEADER!r}: os.environ.get("AILAB_API_KEY", "any-key"){scenario}}},\n'
        f"        data={entry.fields!r},\n"
        f"        files={files},\n"
        f"        timeout=60,\n"
        f"    )\n"
        f"    assert answer.status_code == {entry.status}\n"
        f'    assert answer.json()["error_detail"]["code"] == {entry.code!r}\n'
    )


def scenario_header(entry: Entry) -> dict[str, str]:
    """Return the header that asked for the answer, where one did."""
    return {SCENARIO_HEADER: entry.code or OK} if entry.carrier == "header" else {}


def _file_name(entry: Entry) -> str:
    """Return the upload's name: it may have asked for the answer."""
    return _CONTROL_CHARACTERS.sub("_", entry.file_name) or _PICTURE_FILE


def _picture_path(entry: Entry) -> str:
    return f"{ADMIN_PATH}/requests/{entry.id}/picture"


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
