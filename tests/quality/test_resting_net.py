"""A net that is read when it is used, lent to one thread at a time, and let go at rest."""

from __future__ import annotations

import threading
import weakref

from quality.resting_net import RestingNet


class Net:
    pass


def test_read_at_the_first_use_and_again_after_a_rest() -> None:
    resting = RestingNet(Net)
    with resting.awake() as net:
        first = weakref.ref(net)
    with resting.awake() as again:
        assert again is net
    del net, again
    resting.rest()
    assert first() is None
    with resting.awake() as net:
        assert isinstance(net, Net)


def test_a_rest_waits_for_the_thread_that_uses_the_net() -> None:
    resting = RestingNet(Net)
    rester = threading.Thread(target=resting.rest)
    with resting.awake() as net:
        rester.start()
        rester.join(0.05)
        assert rester.is_alive()
    rester.join(30)
    with resting.awake() as other:
        assert other is not net
