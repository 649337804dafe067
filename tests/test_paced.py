"""Work in the background takes about a hundredth of the time."""

import threading
import time

from keras_sonify.paced import PacedThread


def test_it_rests_a_hundred_times_as_long_as_it_worked() -> None:
    """After some milliseconds of work, half a second passes before the next round."""
    begun: list[float] = []
    worked, is_over = threading.Event(), threading.Event()

    def work(_: bool) -> bool:
        begun.append(time.monotonic())
        until = time.thread_time() + 0.005
        while time.thread_time() < until:
            pass
        (is_over if len(begun) > 1 else worked).set()
        return True

    thread = PacedThread("test", work, shortest_pause=0.0)
    thread.notify()
    assert worked.wait(10.0)
    thread.notify()
    assert is_over.wait(10.0)
    thread.close(10.0)

    assert begun[1] - begun[0] > 0.5
