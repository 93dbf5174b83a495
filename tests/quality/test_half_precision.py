from __future__ import annotations

import numpy as np

from quality.half_precision import single, to_half


def test_a_halved_table_comes_back_as_numpy_would_bring_it_and_keeps_three_digits():
    table = np.random.default_rng(0).normal(0, 5, (7, 9, 3)).astype(np.float32)
    half = to_half(table)
    assert half.nbytes * 2 == table.nbytes
    assert not half.flags.writeable
    back = single(half)
    assert back.dtype == np.float32
    np.testing.assert_array_equal(back, half.astype(np.float32))
    np.testing.assert_allclose(back, table, rtol=1e-3, atol=1e-6)
    assert single(table) is table
