"""The straight step that thresholds of the edits are made of."""

import pytest

from transforms.picture.ramp import ramp


@pytest.mark.parametrize(
    ("value", "start", "end", "expected"),
    [
        (1.0, 2.0, 4.0, 0.0),
        (2.0, 2.0, 4.0, 0.0),
        (2.5, 2.0, 4.0, 0.25),
        (9.0, 2.0, 4.0, 1.0),
        (3.5, 4.0, 2.0, 0.25),
        (9.0, 4.0, 2.0, 0.0),
        (-1.0, 4.0, 2.0, 1.0),
    ],
)
def test_rises_from_start_to_end_or_falls_and_holds_beyond(
    value: float, start: float, end: float, expected: float
) -> None:
    assert ramp(value, start, end) == expected
