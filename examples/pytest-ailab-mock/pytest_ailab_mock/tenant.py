"""A key of its own on the emulator: what it answers, and what it was asked."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import quote, urlencode

from pytest_ailab_mock.server import Server


class Tenant:
    """One test's tenant; parallel tests have others and never see this one.

    Attributes
    ----------
    url : str
        Base address for the client.
    client_key : str
        API key for the client.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self.url = server.url
        self.client_key = f"pytest-{uuid.uuid4().hex}"

    @property
    def credits(self) -> int:
        """The balance."""
        return int(self._server.admin("GET", f"tenants/{quote(self.client_key)}")["credits"])

    def next_error(self, *codes: str) -> None:
        """Let the next calls answer these codes, one each; "ok" answers as usual. A new queue replaces the old."""
        self._change(scenarios=list(codes))

    def set_credits(self, balance: int) -> None:
        """Set the balance; an edit needs and costs 8."""
        self._change(credits=balance)

    def lock(self, locked: bool = True) -> None:
        """Let every call answer ERROR_USER_LOCKED, or no longer."""
        self._change(locked=locked)

    def set_latency(self, ms: float, **rule: Any) -> None:
        """Wait before every answer; `distribution="uniform", to_ms=...` or `"lognormal", sigma=...` vary it."""
        self._change(latency={"ms": ms, **rule})

    def set_faults(self, faults: dict[str, float], seed: int = 0) -> None:
        """Break answers: kind (`connection_reset`, `empty_answer`, `bad_gateway`, ...) -> probability."""
        rules = [{"kind": kind, "probability": probability} for kind, probability in faults.items()]
        self._change(faults=rules, seed=seed)

    def set_limits(self, per_second: int | None = None, concurrent: int | None = None) -> None:
        """Answer EXCEEDING_LIMITS beyond these; None for no limit."""
        self._change(limits={"per_second": per_second, "concurrent": concurrent})

    def advance_clock(self, seconds: float) -> None:
        """Move the key's clock forward."""
        self._server.admin("POST", "clock", {"key": self.client_key, "advance_s": seconds})

    def requests(self, **filters: str) -> list[dict[str, Any]]:
        """Return the calls, oldest first; filters `code` ("ok": successes), `action`, `path`, `text`."""
        query = urlencode({"key": self.client_key, "limit": 10_000, **filters})
        found: list[dict[str, Any]] = self._server.admin("GET", f"requests?{query}")["requests"]
        return found[::-1]

    def assert_called(self, times: int | None = None, **filters: str) -> list[dict[str, Any]]:
        """Fail unless such calls were made: `times` of them, or any number. Returns them."""
        __tracebackhide__ = True
        found = self.requests(**filters)
        if (not found) if times is None else len(found) != times:
            wanted = "at least one call" if times is None else f"{times} calls"
            of = f" with {json.dumps(filters)}" if filters else ""
            raise AssertionError(f"expected {wanted}{of}, found {len(found)}. All calls:\n{self.summary()}")
        return found

    def assert_not_called(self, **filters: str) -> None:
        """Fail if such calls were made."""
        __tracebackhide__ = True
        self.assert_called(0, **filters)

    def verdict(self) -> list[dict[str, Any]]:
        """Return what the client did wrong: needless retries, no back-off, paid twice, and the like."""
        findings: list[dict[str, Any]] = self._server.admin("GET", f"verdict?key={quote(self.client_key)}")[
            "findings"
        ]
        return findings

    def reset(self) -> None:
        """Forget the key: its credits, queue, rules and calls."""
        self._server.admin("POST", "reset", {"key": self.client_key})

    def summary(self) -> str:
        """Return the calls as text, one a line."""
        lines = []
        for call in self.requests():
            fields = " ".join(f"{name}={value}" for name, value in call.get("fields", {}).items())
            lines.append(f"{call['method']} {call['path']} {call['status']} {call['code'] or 'ok'} {fields}".rstrip())
        return "\n".join(lines) or "(none)"

    def _change(self, **members: Any) -> None:
        self._server.admin("PATCH", f"tenants/{quote(self.client_key)}", members)
