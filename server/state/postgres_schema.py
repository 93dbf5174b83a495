"""The tables that hosts share in PostgreSQL, and their version: made where there are none, refused when newer."""

from __future__ import annotations

import psycopg
from psycopg import conninfo

from server.state.store import StateError

SCHEMA = "ailab_mock"
"""All tables lie in a schema of their own, so that a database may be shared with others."""
FORMAT = 1
"""Version of the tables below. A higher one is refused; a lower one would be brought up here, step by step."""
LOCKS = 0x41494C4D
"""First half of every advisory lock of ours: the letters AILM."""
MIGRATION_LOCK, EVICTION_LOCK = 1, 2
"""Second halves; those of processes are larger, see `PostgresPresence`."""
NEWS_CHANNEL = "ailab_mock"
"""Where processes tell each other of calls, for whoever watches: "PROCESS CALL", or "PROCESS reset"."""
CONNECT_SECONDS = 10
_TABLES = f"""
CREATE SCHEMA {SCHEMA};
CREATE TABLE {SCHEMA}.format (version integer NOT NULL);
INSERT INTO {SCHEMA}.format VALUES ({FORMAT});
CREATE SEQUENCE {SCHEMA}.uses;
CREATE TABLE {SCHEMA}.calls (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text NOT NULL UNIQUE, key text NOT NULL, code text NOT NULL,
  action text NOT NULL, path text NOT NULL, time_s double precision NOT NULL, record text NOT NULL);
CREATE INDEX calls_of_key ON {SCHEMA}.calls (key, seq);
CREATE TABLE {SCHEMA}.pictures (
  digest text PRIMARY KEY, used bigint NOT NULL, bytes bigint NOT NULL, content bytea NOT NULL);
CREATE INDEX pictures_by_use ON {SCHEMA}.pictures (used);
CREATE TABLE {SCHEMA}.tenants (
  key text PRIMARY KEY, used bigint NOT NULL, has_rules boolean NOT NULL, record text NOT NULL);
CREATE INDEX tenants_by_use ON {SCHEMA}.tenants (used);
CREATE TABLE {SCHEMA}.evicted (key text PRIMARY KEY, calls bigint NOT NULL);
"""


def address_of(url: str) -> str:
    """Return host and database of a URL, without its password.

    Raises
    ------
    StateError
        It is no URL of PostgreSQL.
    """
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise StateError(
            f"--state: not an address of PostgreSQL: {error}".replace(url, "postgresql://...")
        ) from error
    return f"{parts.get('host', 'local')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"


def prepare_database(url: str) -> None:
    """Make the tables in a new database, or check that those there can be used.

    Raises
    ------
    StateError
        The database cannot be reached, or holds something else or newer.
    """
    address = address_of(url)
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            # Hosts that start together make the tables once.
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCKS, MIGRATION_LOCK))
            if connection.execute("SELECT to_regnamespace(%s)", (SCHEMA,)).fetchone() == (None,):
                connection.execute(_TABLES)
                return
            row = connection.execute(f"SELECT max(version) FROM {SCHEMA}.format").fetchone()
    except psycopg.errors.UndefinedTable as error:
        raise StateError(f"the schema {SCHEMA} in {address} is not ailab-mock's; it was left as it is") from error
    except psycopg.Error as error:
        raise StateError(f"the state database {address} cannot be used: {reason(error)}") from error
    version = int(row[0]) if row and row[0] is not None else 0
    if version != FORMAT:
        newer = "by a newer ailab-mock " if version > FORMAT else ""
        versions = f"format {version}, this one knows {FORMAT}"
        raise StateError(f"the state in {address} was written {newer}({versions}); it was left as it is")


def reason(error: Exception) -> str:
    """Return what went wrong in one line."""
    return " ".join(str(error).split()) or type(error).__name__
