"""The run's files, kept current in the background while it trains."""

import importlib
import threading
import time
from collections.abc import Mapping

from keras_sonify.events import Event
from keras_sonify.files import RunFiles
from keras_sonify.history import History
from keras_sonify.metrics import Metric

_SHARE = 0.01  # of the time may be spent on keeping files current
_SHORTEST_PAUSE = 1.0  # seconds between two rounds, however cheap they are


class Recorder:
    """Keeps the files of a run current.

    Every file is rewritten whole in a daemon thread, at most once a second and so
    rarely that it takes about 1 % of the processor's time: a hundred epochs of four
    metrics every few seconds, a thousand every half minute. So whatever ends the
    process, the directory holds valid files.

    Args:
        files: The files to keep current.

    Attributes:
        trouble: Why the files could not be written the last time; `None` if they
            could.
    """

    def __init__(self, files: RunFiles) -> None:
        self.files = files
        self.trouble: str | None = None
        self._history = History()
        self._metrics: tuple[Metric, ...] = ()
        self._events: list[tuple[int, Event]] = []
        self._changed = threading.Condition()
        self._closing = False
        self._written = 0
        self._thread: threading.Thread | None = None

    def add(
        self,
        epoch: int,
        values: Mapping[str, float],
        metrics: tuple[Metric, ...],
        event: Event | None = None,
    ) -> None:
        """Take in one epoch; returns at once.

        Args:
            epoch: Zero-based epoch.
            values: The values that were heard.
            metrics: The metrics of the run so far, in the order of a cue.
            event: What sounded with it. Defaults to `None`.
        """
        with self._changed:
            self._metrics = metrics
            if event is not None:
                self._events.append((len(self._history), event))
            self._history.append(epoch, values)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._keep_current,
                    name="keras-sonify-recorder",
                    daemon=True,  # one that is none makes Ctrl-C hang for ever
                )
                self._thread.start()
            self._changed.notify()

    def close(self, timeout: float) -> None:
        """Write what is missing, waiting at most `timeout` seconds for it."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout)

    def _keep_current(self) -> None:
        # Loads NumPy, for 0.15 s, here where nobody waits, and before the clock runs.
        importlib.import_module("keras_sonify.wav")
        pause = 0.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing, pause)
                self._changed.wait_for(self._has_work)
                count, metrics = len(self._history), self._metrics
                events = tuple(self._events)
                closing = self._closing
            if count > self._written:
                begun = time.thread_time()
                try:
                    self.files.write(self._history, count, metrics, events)
                except Exception as error:  # noqa: BLE001 - told, never raised
                    self.trouble = f"The run's files could not be written: {error}"
                else:
                    self._written, self.trouble = count, None
                pause = max(_SHORTEST_PAUSE, (time.thread_time() - begun) / _SHARE)
            if closing:
                return

    def _has_work(self) -> bool:
        return self._closing or len(self._history) > self._written
