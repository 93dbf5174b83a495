"""What the admin interface reads: pydantic at the edge, frozen values within."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from server.admin.bounded_input import KeyText, Text
from server.journal.entries import Filter
from server.tenant.faults import Distribution, Fault, FaultKind, FaultRules, Latency
from server.tenant.limits import Limiter
from server.tenant.scenario import is_scenario
from server.tenant.tenants import Tenant

Probability = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, lt=2**63)]
Milliseconds = Annotated[float, Field(ge=0, le=600_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FaultRule(_Strict):
    """One kind of broken answer."""

    kind: FaultKind
    probability: Probability = 1.0


class LatencyRule(_Strict):
    """Waiting added before every answer."""

    distribution: Distribution = Distribution.FIXED
    ms: Milliseconds
    to_ms: Milliseconds = 0.0
    sigma: Annotated[float, Field(ge=0, le=5)] = 0.5


class LimitRule(_Strict):
    """Row 5 of the contract; null for none."""

    per_second: Count | None = None
    concurrent: Count | None = None


class TenantChange(_Strict):
    """What to change of a key; what is left out stays as it is."""

    credits: Annotated[int, Field(ge=0, le=10**12)] | None = None
    locked: bool | None = None
    scenarios: Annotated[list[Text], Field(max_length=10_000)] | None = None
    faults: Annotated[list[FaultRule], Field(max_length=100)] | None = None
    latency: LatencyRule | None = None
    seed: Annotated[int, Field(ge=-(2**63), lt=2**63)] | None = None
    limits: LimitRule | None = None

    @field_validator("scenarios")
    @classmethod
    def _known(cls, scenarios: list[str] | None) -> list[str] | None:
        unknown = [name for name in scenarios or () if not is_scenario(name)]
        if unknown:
            raise ValueError(f"neither ok nor one of the 126 codes: {', '.join(unknown[:5])}")
        return scenarios

    def apply(self, tenant: Tenant) -> None:
        """Change a tenant."""
        given = self.model_fields_set
        if self.credits is not None:
            tenant.account.recharge(self.credits)
        if self.locked is not None:
            tenant.is_locked = self.locked
        if self.scenarios is not None:
            tenant.scenarios.clear()
            tenant.scenarios.extend(self.scenarios)
        if "limits" in given:
            limits = self.limits or LimitRule()
            tenant.limiter.per_second, tenant.limiter.concurrent = limits.per_second, limits.concurrent
        if given & {"faults", "latency", "seed"}:
            tenant.faults = self._fault_rules(tenant.faults, given)

    def _fault_rules(self, old: FaultRules, given: set[str]) -> FaultRules:
        faults, latency = old.faults, old.latency
        if "faults" in given:
            faults = tuple(Fault(rule.kind, rule.probability) for rule in self.faults or ())
        if "latency" in given:
            rule = self.latency
            latency = None if rule is None else Latency(rule.distribution, rule.ms, rule.to_ms, rule.sigma)
        return FaultRules(faults, latency, old.seed if self.seed is None else self.seed)


class ClockAdvance(_Strict):
    """How far a key's clock moves forward."""

    key: KeyText
    advance_s: Annotated[float, Field(ge=0, lt=1e10)]


class ResetScope(_Strict):
    """Which key is reset; null: all of them."""

    key: KeyText | None = None


class EntryFilter(_Strict):
    """Which calls are meant; what is left out accepts all."""

    key: KeyText | None = None
    code: Text | None = None
    action: Text | None = None
    path: Text | None = None
    since_s: float | None = None
    until_s: float | None = None
    text: Text | None = None

    def as_filter(self) -> Filter:
        """Return it as the journal knows it."""
        return Filter(**self.model_dump(include=set(EntryFilter.model_fields)))


class Listing(EntryFilter):
    """Which calls are listed, how many at most, older than which, and whether only what a list shows."""

    limit: Annotated[int, Field(ge=1, le=10_000)] = 100
    before: Text | None = None
    summary: bool = False


class Verification(_Strict):
    """What must have been called: a count, or an order of calls."""

    filter: EntryFilter = EntryFilter()
    at_least: Count | None = None
    at_most: Count | None = None
    exactly: Count | None = None
    in_order: Annotated[list[EntryFilter], Field(max_length=1000)] | None = None


def tenant_data(tenant: Tenant) -> dict[str, object]:
    """Return a tenant as plain data."""
    limiter: Limiter = tenant.limiter
    return {
        "key": tenant.key,
        "credits": tenant.account.balance,
        "locked": tenant.is_locked,
        "scenarios": list(tenant.scenarios),
        "faults": [{"kind": fault.kind, "probability": fault.probability} for fault in tenant.faults.faults],
        "latency": tenant.faults.latency.__dict__ if tenant.faults.latency else None,
        "seed": tenant.faults.seed,
        "limits": {"per_second": limiter.per_second, "concurrent": limiter.concurrent},
        "clock_s": tenant.clock.now_s(),
    }
