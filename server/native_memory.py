"""Tells glibc's allocator to give large arrays back to the system.

By default it learns from the first large array to keep all of that size, in an arena for each thread: pictures of a
few megabytes then stay resident after every edit. Measured with 1 MP edits on two threads: 365 MiB before, 329 after,
in the same time; a threshold of 1 MB saves 15 more and costs a fifth of the speed.
"""

from __future__ import annotations

import contextlib
import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 4 * 1024 * 1024


def give_back_large_arrays() -> None:
    """Set the allocator's thresholds; does nothing where there is no glibc."""
    with contextlib.suppress(OSError, AttributeError):
        glibc = ctypes.CDLL(None)
        glibc.mallopt(_M_ARENA_MAX, 1)
        glibc.mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
        glibc.mallopt(_M_TRIM_THRESHOLD, 2 * LARGE_BYTES)
