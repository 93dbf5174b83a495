"""The size at which broad changes are found: they look the same on a small picture, and take less time."""

from __future__ import annotations

_LEAST_SIDE_PX = 4


def working_size(width_px: int, height_px: int, size_px: float, most_px: float) -> tuple[float, tuple[int, int]]:
    """Reduce a picture so far that what is `size_px` in it becomes `most_px` at most.

    Parameters
    ----------
    width_px, height_px : int
        Of the picture.
    size_px, most_px : float
        Of a face or its distance of the eyes: in the picture, and wanted.

    Returns
    -------
    scale : float
        Up to 1.
    size_wh : tuple of int
        Of the reduced picture.
    """
    scale = min(1.0, most_px / max(size_px, 1.0))
    return scale, (max(round(width_px * scale), _LEAST_SIDE_PX), max(round(height_px * scale), _LEAST_SIDE_PX))
