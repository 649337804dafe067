"""Whether the live page holds up a training, however many listen, and however badly.

Prints how long an epoch takes without the callback, with it, with the live page, and
with the live page open in listeners of which one never reads, all in turns; then the
time that `SonifyCallback.on_epoch_end` takes while they listen.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_SONIFY_STAY"] = "0"  # nothing is left when it has been timed

from training_thread import Timed, print_hook, warm_fit

from keras_sonify import SonifyCallback
from keras_sonify.live.browser import browser_outlet

_EPOCHS, _ROUNDS = 40, 5
_TIMED_EPOCHS = 200

# A process of its own: in a thread it would take time from the training itself.
_LISTENER = """
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1]) as events:
    for line in events:
        pass
"""


@contextmanager
def listening(address: str) -> Iterator[None]:
    """Read all that the page is sent."""
    process = subprocess.Popen(
        [sys.executable, "-c", _LISTENER, address.replace("/?", "/events?")]
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def stalled(address: str) -> Iterator[None]:
    """Ask for all that the page is sent, and never read any of it."""
    place = urlsplit(address)
    with socket.create_connection((place.hostname or "", place.port)) as connection:
        request = f"GET /events?{place.query} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n"
        connection.sendall(request.encode())
        yield


def main() -> None:
    """Print the figures."""
    fit = warm_fit()
    address = browser_outlet().address  # opened once, and not part of what is timed

    with tempfile.TemporaryDirectory() as directory:

        def sonified(player: Any, reading: int = 0, stuck: int = 0) -> float:  # noqa: ANN401
            with ExitStack() as listeners:
                for _ in range(reading):
                    listeners.enter_context(listening(address))
                for _ in range(stuck):
                    listeners.enter_context(stalled(address))
                time.sleep(0.3)  # until they listen
                sonify = SonifyCallback(directory=directory, player=player)
                return fit([sonify], _EPOCHS)

        cases: dict[str, Callable[[], float]] = {
            "without the callback": lambda: fit([], _EPOCHS),
            "player=None": lambda: sonified(None),
            "player='browser', nobody listens": lambda: sonified("browser"),
            "player='browser', 1 listener": lambda: sonified("browser", 1),
            "player='browser', 3 listeners, 1 of them stalled": lambda: sonified(
                "browser", 2, 1
            ),
        }
        taken: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(_ROUNDS):
            for name, case in cases.items():
                taken[name].append(case())
        first = statistics.median(taken["without the callback"])
        for name, times in taken.items():
            median = statistics.median(times)
            print(
                f"{name}: {median * 1e3:.1f} ms an epoch, ratio {median / first:.2f} "
                f"(median of {_ROUNDS} turns, {min(times) * 1e3:.1f} to "
                f"{max(times) * 1e3:.1f} ms)"
            )

        timed = Timed(directory=directory, player="browser")
        with listening(address), listening(address), stalled(address):
            fit([timed], _TIMED_EPOCHS)
        print_hook(
            f"on_epoch_end, {_TIMED_EPOCHS} epochs, 3 listeners, 1 of them stalled",
            timed.taken,
        )


if __name__ == "__main__":
    main()
