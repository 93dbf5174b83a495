"""A straight step from none to all between two values."""


def ramp(value: float, start: float, end: float) -> float:
    """Tell how far a value has come from start to end: 0 at start and before, 1 at end and beyond.

    Parameters
    ----------
    value : float
    start, end : float
        Not equal. Where `start` is the larger one the ramp falls as the value grows.

    Returns
    -------
    float
        0..1.
    """
    return min(max((value - start) / (end - start), 0.0), 1.0)
