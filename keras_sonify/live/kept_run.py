"""The run as the live page's process last had it: its page outlives the training."""

import logging
import pickle
import threading
from dataclasses import replace

from keras_sonify.page.embed import run_page
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.training.record import Snapshot

_log = logging.getLogger(__name__)


def packed(run: Snapshot, hearing: Hearing) -> bytes:
    """Return a run so that the live page's process can make its page.

    Args:
        run: The run so far; of one without any value there is no page.
        hearing: How it is heard.
    """
    return pickle.dumps((run, hearing)) if run.valued else b""


class KeptRun:
    """Keeps a run, and makes its page when somebody asks for it.

    So it costs the training nothing: neither its time nor that of its end.
    """

    def __init__(self) -> None:
        self._run = b""
        self._has_died = False
        self._made: tuple[bytes, str | None] = (b"", None)  # of which run
        self._lock = threading.Lock()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to make a page of."""
        return not self._run

    def take(self, run: bytes) -> None:
        """Replace the run by a newer one, as `packed` has returned it."""
        self._run = run

    def die(self) -> None:
        """Take note that the training has died, and could not say so."""
        self._has_died = True
        self._made = (b"", None)

    def page(self) -> str | None:
        """Return the run's page, which may take a second; `None` if there is none."""
        with self._lock:  # whoever asks meanwhile waits for the same one
            run = self._run
            if self._made[0] is not run:
                self._made = run, self._make(run)
            return self._made[1]

    def _make(self, packed_run: bytes) -> str | None:
        run: Snapshot
        hearing: Hearing
        if not packed_run:
            return None
        try:
            # From our own parent, through its pipe.
            run, hearing = pickle.loads(packed_run)  # noqa: S301
            if self._has_died:
                run = replace(run, ending="crashed")
            return run_page(replay(run, hearing))
        except Exception:  # noqa: BLE001 - a style of the user's own, say
            _log.debug("The run's page failed", exc_info=True)
            return None
