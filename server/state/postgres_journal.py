"""Calls and their pictures as rows: kept, found and evicted on a connection of the caller's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.journal.entries import Entry, Filter
from server.journal.record import read_entry, write_entry, write_key
from server.state.postgres_pool import Connection

_KEEP_PICTURE = """
INSERT INTO pictures VALUES (%s, nextval('uses'), %s, %b) ON CONFLICT (digest) DO UPDATE SET used = excluded.used
"""
_KEEP_CALL = "INSERT INTO calls (id, key, code, action, path, time_s, record) VALUES (%s, %s, %s, %s, %s, %s, %s)"
_EVICT_CALLS = """
WITH gone AS (
  DELETE FROM calls WHERE seq <= (SELECT seq FROM calls ORDER BY seq DESC OFFSET %s LIMIT 1) RETURNING key)
INSERT INTO evicted AS earlier SELECT key, count(*) FROM gone GROUP BY key
ON CONFLICT (key) DO UPDATE SET calls = earlier.calls + excluded.calls
"""
_EVICT_PICTURES = """
DELETE FROM pictures WHERE digest IN (SELECT digest FROM pictures WHERE digest IN (
  SELECT digest FROM (SELECT digest, sum(bytes) OVER (ORDER BY used DESC) AS held FROM pictures) AS kept
  WHERE held > %s) FOR UPDATE SKIP LOCKED)
"""
_CONDITIONS = {
    "key": "key = %s",
    "code": "code = %s",
    "action": "action = %s",
    "path": "path = %s",
    "since_s": "time_s >= %s",
    "until_s": "time_s <= %s",
}
"""Attribute of `Filter` with a column of its own -> what a row must meet."""


async def keep_pictures(connection: Connection, pictures: Mapping[str, bytes], most_bytes: int) -> None:
    """Keep pictures by digest, but for those larger than all may be together."""
    # In one order everywhere: transactions that wait for each other in a ring would fail.
    for digest, content in sorted(pictures.items()):
        if len(content) <= most_bytes:
            await connection.execute(_KEEP_PICTURE, (digest, len(content), content))


async def keep_call(connection: Connection, entry: Entry) -> None:
    """Keep one call."""
    action = write_key(entry.fields.get("action_type", ""))
    stored = write_key(entry.key), entry.code, action, write_key(entry.path), entry.time_s, write_entry(entry)
    await connection.execute(_KEEP_CALL, (entry.id, *stored))


async def select_calls(connection: Connection, wanted: Filter, most: int) -> list[Entry]:
    """Return the calls meant, oldest first, of the latest `most` that their columns cannot tell from them."""
    conditions, values = _where(wanted)
    query = f"SELECT record FROM calls WHERE {conditions} ORDER BY seq DESC LIMIT %s"
    rows = await (await connection.execute(query, (*values, most))).fetchall()
    # What no column tells is left to the filter itself.
    return [entry for (record,) in reversed(rows) if wanted.accepts(entry := read_entry(record))]


async def find_call(connection: Connection, entry_id: str) -> Entry | None:
    """Return one call; None when it is not there."""
    found = await connection.execute("SELECT record FROM calls WHERE id = %s", (write_key(entry_id),))
    row = await found.fetchone()
    return read_entry(row[0]) if row else None


async def find_picture(connection: Connection, digest: str) -> bytes | None:
    """Return a picture; None when it is not there."""
    row = await (await connection.execute("SELECT content FROM pictures WHERE digest = %s", (digest,))).fetchone()
    return bytes(row[0]) if row else None


async def count_evicted(connection: Connection, key: str | None) -> int:
    """Return how many calls of a key, or of all, were evicted."""
    wanted = None if key is None else write_key(key)
    query = "SELECT sum(calls)::bigint FROM evicted WHERE key = coalesce(%s, key)"
    row = await (await connection.execute(query, (wanted,))).fetchone()
    return int(row[0] or 0) if row else 0


async def evict_calls(connection: Connection, most_calls: int, most_bytes: int) -> None:
    """Drop the oldest calls beyond a number, counting them, and the pictures used longest ago beyond their room."""
    await connection.execute(_EVICT_CALLS, (most_calls,))
    await connection.execute(_EVICT_PICTURES, (most_bytes,))


def _where(wanted: Filter) -> tuple[str, list[Any]]:
    """Return the conditions that columns can meet, and their values."""
    given = {name: value for name, value in wanted.__dict__.items() if value is not None and name in _CONDITIONS}
    if given.get("code") == "ok":
        given["code"] = ""
    elif given.get("code") == "refused":
        del given["code"]
    conditions = ["TRUE", *(_CONDITIONS[name] for name in given)]
    return " AND ".join(conditions), [
        write_key(value) if isinstance(value, str) else value for value in given.values()
    ]
