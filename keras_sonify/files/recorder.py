"""The run's files, kept current in the background while it trains."""

from functools import partial
from importlib import import_module

from keras_sonify.files.run_files import RunFiles
from keras_sonify.paced import PacedThread
from keras_sonify.training.record import Record

_PAUSE = 1.0  # seconds between two rounds, however cheap they are


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
        self._written = 0
        self._thread = PacedThread(
            "keras-sonify-recorder",
            self._write,
            _PAUSE,
            # Loads NumPy, for 0.15 s, where nobody waits for it.
            prepare=partial(import_module, "keras_sonify.sound.wav"),
        )

    def notify(self) -> None:
        """Be told of an epoch that was added to the record; returns at once."""
        self._thread.notify()

    def close(self, timeout: float) -> None:
        """Write what is missing, waiting at most `timeout` seconds for it."""
        self._thread.close(timeout)

    def _write(self, is_last: bool) -> bool:
        snapshot = self._record.snapshot()
        # The last round also tells how the run ended.
        if snapshot.count == self._written and not (is_last and snapshot.ending):
            return True
        try:
            self.files.write(snapshot)
        except Exception as error:  # noqa: BLE001 - told, never raised
            self.trouble = f"The run's files could not be written: {error}"
            return False
        self._written, self.trouble = snapshot.count, None
        return True
