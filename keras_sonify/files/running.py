"""That a run is under way, and in which process: a hidden file in its directory.

It is written when a run begins, if there is a directory by then, since its first epoch
may take hours; and with each round of the files. It is removed when the run is closed:
one that has it and no process any more has died.
"""

import contextlib
import json
import secrets
import threading
from pathlib import Path

from keras_sonify.files.atomic import whole_file
from keras_sonify.files.past import FORM, read_about
from keras_sonify.files.process import this_process

RUNNING = ".running.json"
_PATIENCE = 0.2  # seconds that a disk may take to answer


class Running:
    """Says so, from when it is made until it is forgotten.

    Args:
        directory: Where, until the run has one of its own.
        planned: Number of epochs that there are to be, where it is known.
    """

    def __init__(self, directory: Path, planned: int | None) -> None:
        self._directory = directory
        self._about = {
            "form": FORM,
            "run": secrets.token_hex(8),
            "planned": planned,
            "process": this_process(),
        }
        self._lock = threading.Lock()
        self._has_epoch = self._is_over = False
        with contextlib.suppress(RuntimeError):  # no thread is to be had
            # The disk may hang.
            threading.Thread(
                target=self._begin, name="keras-sonify-running", daemon=True
            ).start()

    def note(self, directory: Path, epoch_seconds: float | None) -> None:
        """Note where the run is kept, now that it has an epoch.

        Args:
            directory: Where.
            epoch_seconds: How long its epochs take, where that is known.
        """
        with self._lock, contextlib.suppress(OSError):
            if directory != self._directory:
                self._remove()
            self._directory, self._has_epoch = directory, True
            if not self._is_over:
                self._write(epoch_seconds)

    def forget(self) -> None:
        """Take it back: the run is over."""
        self._is_over = True
        if self._lock.acquire(timeout=_PATIENCE):
            self._remove()
            self._lock.release()

    def _begin(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            if not (self._is_over or self._has_epoch) and self._directory.is_dir():
                self._write(None)

    def _write(self, epoch_seconds: float | None) -> None:
        about = {
            **self._about,
            "has_epoch": self._has_epoch,
            "epoch_seconds": epoch_seconds,
        }
        with whole_file(self._directory / RUNNING) as part:
            part.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")

    def _remove(self) -> None:
        """Remove the file, unless it is another run's by now."""
        if read_about(self._directory, RUNNING).get("run") == self._about["run"]:
            with contextlib.suppress(OSError):
                (self._directory / RUNNING).unlink()
