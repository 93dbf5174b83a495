"""A tenant as JSON and back: what a file or a database keeps of one."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from server.tenant.faults import Distribution, Fault, FaultKind, FaultRules, Latency
from server.tenant.tenants import Tenant


def write_tenant(tenant: Tenant, with_running: bool) -> str:
    """Return everything but the key, and the calls that run if asked; the same tenant gives the same text."""
    account, limiter, faults = tenant.account, tenant.limiter, tenant.faults
    record = {
        "balance": account.balance,
        "total": account.total,
        "bought_at_s": account.bought_at_s,
        "updated_at_s": account.updated_at_s,
        "locked": tenant.is_locked,
        "clock_added_s": tenant.clock.added_s,
        "per_second": limiter.per_second,
        "concurrent": limiter.concurrent,
        "started_s": list(limiter.started_s),
        "scenarios": list(tenant.scenarios),
        "faults": [[fault.kind, fault.probability] for fault in faults.faults],
        "latency": asdict(faults.latency) if faults.latency else None,
        "seed": faults.seed,
        "throws": faults.throws,
        "running": tenant.running if with_running else {},
    }
    return json.dumps(record, separators=(",", ":"))


def read_tenant(tenant: Tenant, text: str) -> Tenant:
    """Fill a new tenant with what `write_tenant` wrote.

    Raises
    ------
    ValueError, KeyError, TypeError
        The text is no such record.
    """
    record: dict[str, Any] = json.loads(text)
    account, limiter = tenant.account, tenant.limiter
    tenant.clock.added_s = float(record["clock_added_s"])
    account.balance, account.total = int(record["balance"]), int(record["total"])
    account.bought_at_s, account.updated_at_s = int(record["bought_at_s"]), int(record["updated_at_s"])
    tenant.is_locked = bool(record["locked"])
    limiter.per_second, limiter.concurrent = record["per_second"], record["concurrent"]
    limiter.started_s.extend(record["started_s"])
    tenant.scenarios.extend(record["scenarios"])
    faults = tuple(Fault(FaultKind(kind), probability) for kind, probability in record["faults"])
    tenant.faults = FaultRules(faults, _latency(record["latency"]), record["seed"], record["throws"])
    tenant.running.update(record["running"])
    return tenant


def _latency(record: dict[str, Any] | None) -> Latency | None:
    return None if record is None else Latency(**{**record, "distribution": Distribution(record["distribution"])})
