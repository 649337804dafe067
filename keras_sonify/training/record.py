"""What a run has sounded so far: written by one thread, read by others."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keras_sonify.training.events import Event, EventKind
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric

Placed = tuple[int, Event]
"""An event, with the place of its epoch in the history."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The first epochs of a run. It stays as it is while the run goes on.

    Attributes:
        history: The values that were heard.
        count: How many of its epochs are meant.
        metrics: The metrics of the run, in the order of a cue.
        sounded: What sounded with the epochs.
        happened: All that happened, also what did not sound.
        ending: How the run ended; `None` if it has not, or nobody knows how.
    """

    history: History
    count: int
    metrics: Sequence[Metric]
    sounded: Sequence[Placed] = ()
    happened: Sequence[Placed] = ()
    ending: EventKind | None = None

    @property
    def valued(self) -> list[Metric]:
        """The metrics that have had a value."""
        return [metric for metric in self.metrics if metric.name in self.history]

    @property
    def notable(self) -> list[Placed]:
        """What happened, new bests left out: those are too many to be listed."""
        return [each for each in self.happened if each[1].kind != "best"]


class Record:
    """The epochs of a run, as they come."""

    def __init__(self) -> None:
        self._history = History()
        self._metrics: tuple[Metric, ...] = ()
        self._sounded: list[Placed] = []
        self._happened: list[Placed] = []
        self._lock = threading.Lock()
        self.ending: EventKind | None = None

    def __len__(self) -> int:
        """Return the number of epochs."""
        return len(self._history)

    def add(
        self,
        epoch: int,
        values: Mapping[str, float],
        metrics: tuple[Metric, ...],
        event: Event | None = None,
        happened: Sequence[Event] = (),
    ) -> None:
        """Take in one epoch.

        Args:
            epoch: Zero-based epoch.
            values: The values that were heard.
            metrics: The metrics of the run so far, in the order of a cue.
            event: What sounded with it. Defaults to `None`.
            happened: All that happened in it. Defaults to `()`.
        """
        with self._lock:
            place = len(self._history)
            self._metrics = metrics
            if event is not None:
                self._sounded.append((place, event))
            self._happened += [(place, each) for each in happened]
            self._history.append(epoch, values)

    def snapshot(self) -> Snapshot:
        """Return the run so far."""
        with self._lock:
            return Snapshot(
                self._history,
                len(self._history),
                self._metrics,
                tuple(self._sounded),
                tuple(self._happened),
                self.ending,
            )
