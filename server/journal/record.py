"""A journal entry as JSON and back, and keys as text that every database takes."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from server.journal.entries import Entry

_FIELDS = frozenset(field.name for field in fields(Entry))


def write_entry(entry: Entry) -> str:
    """Return everything of an entry, the key whole: a tenant is found by it."""
    return json.dumps(entry.__dict__, separators=(",", ":"))


def read_entry(text: str) -> Entry:
    """Return the entry that `write_entry` wrote; members that this version does not know are left out.

    Raises
    ------
    ValueError, KeyError, TypeError
        The text is no such record.
    """
    record: dict[str, Any] = json.loads(text)
    known = {name: value for name, value in record.items() if name in _FIELDS}
    size_wh = known.get("picture_size_wh")
    known["picture_size_wh"] = None if size_wh is None else (int(size_wh[0]), int(size_wh[1]))
    return Entry(**known)


def write_key(key: str) -> str:
    r"""Return a key in printable ASCII: a header may carry any byte, and databases refuse some (`\u0000`)."""
    return json.dumps(key)[1:-1]


def read_key(text: str) -> str:
    """Return the key that `write_key` wrote."""
    return str(json.loads(f'"{text}"'))
