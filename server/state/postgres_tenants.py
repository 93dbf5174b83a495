"""Tenants as rows: read, saved and dropped on a connection of the caller's."""

from __future__ import annotations

from typing import Any

from server.journal.record import read_key, write_key
from server.settings import Settings
from server.state.postgres_pool import Connection
from server.state.postgres_presence import PostgresPresence
from server.tenant.record import read_tenant, write_tenant
from server.tenant.tenants import EVERYONE, MAX_TENANTS, Tenant, Tenants

_SAVE = """
INSERT INTO tenants VALUES (%s, nextval('uses'), %s, %s)
ON CONFLICT (key) DO UPDATE SET used = excluded.used, has_rules = excluded.has_rules, record = excluded.record
"""
_MAKE = "INSERT INTO tenants VALUES (%s, nextval('uses'), %s, %s) ON CONFLICT DO NOTHING"
_EVICT = """
DELETE FROM tenants WHERE key IN (
  SELECT key FROM tenants WHERE key <> %s ORDER BY used DESC OFFSET %s FOR UPDATE SKIP LOCKED)
"""


class PostgresTenants:
    """Reads and writes tenants for one process.

    Parameters
    ----------
    settings : Settings
    presence : PostgresPresence
        Whose clock the tenants have, and who tells which processes live.
    """

    def __init__(self, settings: Settings, presence: PostgresPresence) -> None:
        self._fresh = Tenants(settings.credits, with_magic=not settings.no_magic)
        self._presence = presence

    async def read(self, connection: Connection, key: str, locked: bool = False) -> Tenant:
        """Read a tenant; with `locked` it stays as it is until the transaction ends, but for this one."""
        query, stored = "SELECT record FROM tenants WHERE key = %s", (write_key(key),)
        row = await (await connection.execute(query + " FOR UPDATE" * locked, stored)).fetchone()
        if row is None and locked:
            # Two processes may meet here: the second waits for the first, then reads what it wrote.
            await connection.execute(_MAKE, _row(self._new(key)))
            row = await (await connection.execute(query + " FOR UPDATE", stored)).fetchone()
        if row is None:
            return self._new(key)
        tenant = self._restored(key, row[0])
        if locked:
            for process in await self._presence.dead(set(tenant.running.values()), connection):
                tenant.running = {call: owner for call, owner in tenant.running.items() if owner != process}
        return tenant

    async def read_all(self, connection: Connection) -> list[Tenant]:
        """Read all tenants, the one used last at the end."""
        rows = await (await connection.execute("SELECT key, record FROM tenants ORDER BY used")).fetchall()
        return [self._restored(read_key(key), record) for key, record in rows]

    async def save(self, connection: Connection, tenant: Tenant) -> None:
        """Write a tenant."""
        await connection.execute(_SAVE, _row(tenant))

    def _new(self, key: str) -> Tenant:
        tenant = self._fresh.new(key)
        tenant.clock.ahead_s = self._presence.ahead_s
        tenant.process = self._presence.process
        return tenant

    def _restored(self, key: str, record: str) -> Tenant:
        return read_tenant(self._new(key), record)


async def key_with_rules(connection: Connection, key: str) -> str | None:
    """Return whose fault rules hold for a key: its own, else everyone's; None where nothing goes wrong."""
    wanted = "SELECT key FROM tenants WHERE key = ANY(%s) AND has_rules"
    rows = await (await connection.execute(wanted, ([write_key(key), EVERYONE],))).fetchall()
    ruled = {read_key(row[0]) for row in rows}
    return key if key in ruled else EVERYONE if ruled else None


async def evict_tenants(connection: Connection) -> None:
    """Drop the tenants unused for longest, beyond what is remembered."""
    await connection.execute(_EVICT, (EVERYONE, MAX_TENANTS))


def _row(tenant: Tenant) -> tuple[Any, ...]:
    return write_key(tenant.key), tenant.faults.is_set, write_tenant(tenant, with_running=True)
