"""The run's files, kept current in the background while it trains."""

import importlib
import threading
import time

from keras_sonify.files import RunFiles
from keras_sonify.record import Record

_SHARE = 0.01  # of the time may be spent on keeping files current
_SHORTEST_PAUSE = 1.0  # seconds between two rounds, however cheap they are


class Recorder:
    """Keeps the files of a run current.

    Every file is rewritten whole in a daemon thread, at most once a second and so
    rarely that it takes about 1 % of the processor's time: a hundred epochs of four
    metrics every ten seconds, a thousand every half minute. So whatever ends the
    process, the directory holds valid files.

    Args:
        files: The files to keep current.
        record: The run that they hold.

    Attributes:
        trouble: Why the files could not be written the last time; `None` if they
            could.
    """

    def __init__(self, files: RunFiles, record: Record) -> None:
        self.files = files
        self.trouble: str | None = None
        self._record = record
        self._changed = threading.Condition()
        self._closing = False
        self._written = 0
        self._thread: threading.Thread | None = None

    def notify(self) -> None:
        """Be told of an epoch that was added to the record; returns at once."""
        with self._changed:
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
                closing = self._closing
            view = self._record.view()
            # The last round also tells how the run ended.
            if view.count > self._written or (closing and view.ending):
                begun = time.thread_time()
                try:
                    self.files.write(view)
                except Exception as error:  # noqa: BLE001 - told, never raised
                    self.trouble = f"The run's files could not be written: {error}"
                else:
                    self._written, self.trouble = view.count, None
                pause = max(_SHORTEST_PAUSE, (time.thread_time() - begun) / _SHARE)
            if closing:
                return

    def _has_work(self) -> bool:
        return self._closing or len(self._record) > self._written
