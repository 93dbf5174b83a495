"""What goes wrong between two machines: latency and broken answers, with probability and seed."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """How an answer breaks."""

    CONNECTION_RESET = "connection_reset"
    EMPTY_ANSWER = "empty_answer"
    TRUNCATED_BODY = "truncated_body"
    MALFORMED_JSON = "malformed_json"
    SLOW_TRICKLE = "slow_trickle"
    BAD_GATEWAY = "bad_gateway"


class Distribution(StrEnum):
    """How added latency is spread."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    LOGNORMAL = "lognormal"


@dataclass(frozen=True)
class Fault:
    """One kind of broken answer and how often it comes, 0..1."""

    kind: FaultKind
    probability: float = 1.0


@dataclass(frozen=True)
class Latency:
    """Added waiting.

    Attributes
    ----------
    distribution : Distribution
    ms : float
        The fixed time, the lower end of uniform, or the median of lognormal.
    to_ms : float
        Upper end of uniform.
    sigma : float
        Of lognormal's underlying normal.
    """

    distribution: Distribution
    ms: float
    to_ms: float = 0.0
    sigma: float = 0.5

    def draw_s(self, source: random.Random) -> float:
        """Return one waiting time in seconds."""
        if self.distribution is Distribution.UNIFORM:
            return source.uniform(self.ms, max(self.to_ms, self.ms)) / 1000
        if self.distribution is Distribution.LOGNORMAL:
            return source.lognormvariate(math.log(max(self.ms, 1e-3)), self.sigma) / 1000
        return self.ms / 1000


@dataclass(frozen=True)
class Misbehavior:
    """What goes wrong with one answer: seconds to wait, and how it breaks."""

    delay_s: float = 0.0
    fault: FaultKind | None = None


@dataclass
class FaultRules:
    """The faults of one key; the same seed gives the same sequence.

    Attributes
    ----------
    throws : int
        Answers that the dice were thrown for: with the seed it is all that a restart or another process needs.
    """

    faults: tuple[Fault, ...] = ()
    latency: Latency | None = None
    seed: int = 0
    throws: int = 0

    @property
    def is_set(self) -> bool:
        """Whether anything is to go wrong."""
        return bool(self.faults) or self.latency is not None

    def throw(self) -> Misbehavior:
        """Return what goes wrong with the next answer: of the faults the first of the list whose die falls."""
        dice = random.Random(f"{self.seed}:{self.throws}")
        self.throws += 1
        delay_s = self.latency.draw_s(dice) if self.latency else 0.0
        fault = next((fault.kind for fault in self.faults if dice.random() < fault.probability), None)
        return Misbehavior(delay_s, fault)
