"""Opening a state file: ours, whole, not newer, not in use; whatever else it is, it is left as it was.

The format's version is SQLite's `user_version`, the format itself is told by its `application_id`: both stand in the
file's first hundred bytes (sqlite.org/fileformat2.html), which are read before SQLite may touch the file.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path
from urllib.parse import quote

from server.state.store import StateError

APPLICATION_ID = 0x41494C4D
"""The letters AILM."""
FORMAT = 1
"""Version of the tables below. A higher one is refused; a lower one would be brought up here, step by step."""
_SCHEMA = f"""
CREATE TABLE calls (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, key TEXT NOT NULL,
  record TEXT NOT NULL);
CREATE TABLE pictures (digest TEXT PRIMARY KEY, used INTEGER NOT NULL, content BLOB NOT NULL);
CREATE TABLE tenants (key TEXT PRIMARY KEY, used INTEGER NOT NULL, record TEXT NOT NULL);
CREATE TABLE evicted (key TEXT PRIMARY KEY, calls INTEGER NOT NULL);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT};
"""
_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\0"


def open_state_file(path: Path) -> sqlite3.Connection:
    """Open a state file, made where there is none, for this process alone.

    Returns
    -------
    sqlite3.Connection
        In autocommit mode, usable from any one thread at a time. What is committed outlives a kill of the process.

    Raises
    ------
    StateError
        It is not a state file, damaged, newer, in use, or cannot be made.
    """
    try:
        is_new = not path.exists() or _is_empty(path)
        if is_new:
            # Keys are in it: for its owner only. SQLite gives its side files the same mode.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        else:
            _check_header(path)
            _check_whole(path)
        return _open(path, is_new)
    except OSError as error:
        raise StateError(f"the state file {path} cannot be opened: {error.strerror or error}") from error
    except sqlite3.OperationalError as error:
        raise StateError(f"the state file {path} {_reason(error)}") from error
    except sqlite3.DatabaseError as error:
        raise damaged(path, str(error)) from error


def damaged(path: Path, what: str) -> StateError:
    """Return the refusal of a file that cannot be understood."""
    return StateError(f"the state file {path} is damaged ({what}); it was left as it is: move it away to start anew")


def _is_empty(path: Path) -> bool:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise StateError(f"{path} is no file: --state takes a file, or postgresql://... for several hosts")
    return status.st_size == 0


def _check_header(path: Path) -> None:
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    is_ours = header.startswith(_MAGIC) and int.from_bytes(header[68:72], "big") == APPLICATION_ID
    if len(header) < _HEADER_BYTES or not is_ours:
        raise StateError(f"{path} is no state file of ailab-mock; it was left as it is: name another file")
    written = int.from_bytes(header[60:64], "big")
    if written > FORMAT:
        raise StateError(
            f"the state file {path} was written by a newer ailab-mock (format {written}, this one knows {FORMAT}); "
            "it was left as it is: upgrade, or name another file"
        )


def _check_whole(path: Path) -> None:
    """Read all of it by a connection that cannot write."""
    # A file that was closed well has no log, and SQLite does not read it in log mode without making one.
    mode = "mode=ro" if path.with_name(path.name + "-wal").exists() else "immutable=1"
    connection = sqlite3.connect(f"file:{quote(str(path))}?{mode}", uri=True, timeout=0)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    finally:
        connection.close()
    if found != "ok":
        raise damaged(path, str(found).partition("\n")[0])


def _open(path: Path, is_new: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        if is_new:
            connection.executescript(f"BEGIN EXCLUSIVE;{_SCHEMA}COMMIT;")
        connection.execute("PRAGMA journal_mode = WAL")
        # A commit is safe from a kill; a power cut may take back the last ones, and never harms the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _reason(error: sqlite3.OperationalError) -> str:
    if "locked" in str(error):
        return "is in use by another ailab-mock: several processes share one state by --state postgresql://..."
    return f"cannot be opened: {error}"
