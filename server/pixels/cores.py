"""How many cores this process may use: its affinity, and the quota of its container, which affinity does not tell."""

from __future__ import annotations

import os
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
"""Where a container sees the limits of its own control group (Linux, cgroup v2 or v1)."""


def usable_cores(cgroups: Path = CGROUPS) -> int:
    """Return the number of cores, at least 1; part of a core counts as one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota_cores(cgroups)
    return cores if quota is None else max(1, min(cores, -int(-quota // 1)))


def _quota_cores(cgroups: Path) -> float | None:
    """Return the CPU time that the container gets, in cores; None for no limit."""
    try:
        unified = cgroups / "cpu.max"
        if unified.exists():
            quota, period = unified.read_text().split()
        else:
            quota, period = ((cgroups / "cpu" / f"cpu.cfs_{name}_us").read_text() for name in ("quota", "period"))
        # v2 says "max", v1 a negative number.
        return int(quota) / int(period) if quota != "max" and int(quota) > 0 else None
    except (OSError, ValueError):
        return None
