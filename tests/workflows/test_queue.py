"""When the queue of answers is looked at."""

import threading
import time

from chatrigo.workflows.queue import BREATH_SECONDS, Poked


def test_a_first_poke_is_heard_at_once_and_the_next_ones_together() -> None:
    poked = Poked()
    threading.Timer(0.02, poked.poke).start()

    assert _seconds_of_wait(poked) < 0.2
    for _ in range(3):
        poked.poke()
    assert _seconds_of_wait(poked) >= BREATH_SECONDS * 0.9
    assert _seconds_of_wait(poked, 0.1) >= 0.09  # all three were heard


def test_stopping_ends_the_wait() -> None:
    poked = Poked()
    threading.Timer(0.02, poked.set).start()

    start = time.monotonic()
    assert poked.wait(5)
    assert time.monotonic() - start < 1


def _seconds_of_wait(poked: Poked, timeout: float = 5) -> float:
    start = time.monotonic()
    assert not poked.wait(timeout)
    return time.monotonic() - start
