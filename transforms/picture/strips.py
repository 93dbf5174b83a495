"""Pictures worked on in strips of rows: what is needed on the way takes little memory, and fits a cache."""

from __future__ import annotations

from collections.abc import Iterator

_ROWS = 64


def strips(height_px: int) -> Iterator[slice]:
    """Return the rows of one strip after the other."""
    for start in range(0, height_px, _ROWS):
        yield slice(start, min(start + _ROWS, height_px))
