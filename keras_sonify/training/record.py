"""What has come of a run so far: written by one thread, read by others."""

import dataclasses
import threading
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import UNPLANNED, Axis, Plan
from keras_sonify.training.events import Event, EventKind
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.origin import UNKNOWN, Origin
from keras_sonify.training.points import Window
from keras_sonify.training.run_points import Points

LOG = "log.csv"
"""The record of a run, in its directory."""
ABOUT = "run.json"
"""What is known of that run besides, beside it."""

Placed = tuple[int, Event]
"""An event, with the place of its row in the history."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The first rows of a run. It stays as it is while the run goes on.

    Attributes:
        history: All values that came.
        count: How many of its rows are meant: epochs, or what was recorded of steps.
        metrics: The metrics that are heard, in the order of a cue.
        sounded: What sounded with them.
        happened: All that happened, also what did not sound.
        ending: How the run ended; `None` if it has not, or nobody knows how.
        plan: How much there is to be of it.
        cued: In steps, the place after the last row of each cue that was heard.
        against: The run that it is held against; `None` if that is its own best.
        origin: Where it comes from.
        valued: Those of `metrics` that have had a value.
    """

    history: History
    count: int
    metrics: Sequence[Metric]
    sounded: Sequence[Placed] = ()
    happened: Sequence[Placed] = ()
    ending: EventKind | None = None
    plan: Plan = UNPLANNED
    cued: Sequence[int] = ()
    against: OtherRun | None = None
    origin: Origin = UNKNOWN
    valued: tuple[Metric, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Note what has had a value by now: the history goes on."""
        valued = tuple(m for m in self.metrics if m.name in self.history)
        object.__setattr__(self, "valued", valued)

    @property
    def is_under_way(self) -> bool:
        """Whether it may go on, for all that is known: not if it comes from a log."""
        is_live = self.origin.began is not None and not self.origin.is_read
        return is_live and self.ending is None

    @property
    def axis(self) -> Axis:
        """What it counts."""
        return self.history.axis

    def points(self, *, is_full: bool = False, most: int | None = None) -> Points:
        """Return the run as points; see `History.points`."""
        return self.history.points(self.count, is_full=is_full, most=most)

    @property
    def notable(self) -> list[Placed]:
        """What happened, but for what is too much to be listed, as new bests are."""
        return [each for each in self.happened if each[1].is_listed]


class Record:
    """The rows of a run, as they come: their values first, then what they mean.

    Args:
        plan: How much there is to be of it. Defaults to what nobody knows.

    Attributes:
        ending: How it ended; `None` if it has not.
        against: The run that it is held against; `None` if there is none.
    """

    def __init__(self, plan: Plan = UNPLANNED) -> None:
        self.history = History()
        self._metrics: tuple[Metric, ...] = ()
        self._sounded: list[Placed] = []
        self._happened: list[Placed] = []
        self._cued = array("q")
        self._lock = threading.Lock()
        self.ending: EventKind | None = None
        self.against: OtherRun | None = None
        self.plan = plan
        self.origin = UNKNOWN

    def add(
        self, at: int, values: Mapping[str, float], window: Window | None = None
    ) -> None:
        """Take in the values of one row, before anything else happens to them.

        Args:
            at: Zero-based epoch, or how many steps have been done with it.
            values: All its values.
            window: What it stands for, in a run told in steps. Defaults to `None`.
        """
        with self._lock:
            self.history.append(at, values, window)

    def note(
        self,
        metrics: tuple[Metric, ...],
        sounded: Event | None = None,
        happened: Sequence[Event] = (),
    ) -> None:
        """Take in what the row that was added last means.

        Args:
            metrics: The metrics that are heard so far, in the order of a cue.
            sounded: What sounded with it. Defaults to `None`.
            happened: All that happened in it. Defaults to `()`.
        """
        if sounded is None and not happened and metrics is self._metrics:
            return  # as nearly always: it has to be quick
        with self._lock:
            place = len(self.history) - 1
            self._metrics = metrics
            if sounded is not None:
                self._sounded.append((place, sounded))
            self._happened += [(place, each) for each in happened]

    def cue(self) -> None:
        """Take note that a cue was made of all rows in steps since the last one."""
        with self._lock:
            self._cued.append(len(self.history))

    def note_origin(self, **known: Any) -> None:  # noqa: ANN401 - of any kind
        """Take in what is known now of where the run comes from.

        Args:
            **known: Attributes of its `Origin`.
        """
        with self._lock:
            self.origin = dataclasses.replace(self.origin, **known)

    def snapshot(self) -> Snapshot:
        """Return the run so far."""
        with self._lock:
            return Snapshot(
                self.history,
                len(self.history),
                self._metrics,
                tuple(self._sounded),
                tuple(self._happened),
                self.ending,
                self.plan,
                tuple(self._cued),
                self.against,
                self.origin,
            )
