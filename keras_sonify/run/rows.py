"""The rows of a run under way: recorded, judged, and made into cues."""

from collections.abc import Mapping, Sequence

from keras_sonify.interpreter import Interpreter
from keras_sonify.rules.step_rows import Recorded
from keras_sonify.score.cue import Cue
from keras_sonify.step_feed import StepFeed
from keras_sonify.training.axis import At
from keras_sonify.training.events import Event, by_importance
from keras_sonify.training.record import Record
from keras_sonify.training.warn import Warner


class Rows:
    """Takes in rows: first recorded, then judged; some of them make a cue.

    Args:
        record: What has come of the run.
        interpreter: What it means.
        warner: Warns of a fault, which costs one stage of one row.

    Attributes:
        interpreter: The same.
        feed: Where rows come from in a run in steps; `None` in one of epochs.
        at: Where the last one lies; epoch -1 before the first.
    """

    def __init__(
        self, record: Record, interpreter: Interpreter, warner: Warner
    ) -> None:
        self.interpreter = interpreter
        self.feed: StepFeed | None = None
        self.at = At(-1)
        self._record = record
        self._warner = warner
        self._values: Mapping[str, float] = {}  # of the last one
        self._cued = 0  # for how many cues stand
        self._waiting: list[Event] = []  # for the next cue

    def take(self, row: Recorded, unreadable: Sequence[str] = ()) -> tuple[Event, ...]:
        """Record a row, and find out what it means; return what happened in it.

        Args:
            row: The row.
            unreadable: The names of what is no number in it. Defaults to `()`.
        """
        at, values, window = row
        self._record.add(at, values, window)
        here = self.at = At(at) if window is None else At(window.epoch, at)
        self._values = values
        nothing: tuple[Event, ...] = ()
        is_noisy = self.feed is not None and self.feed.is_noisy
        happened = self._warner.attempt(
            "Judging an epoch",
            lambda: self.interpreter.judge(here, values, window, is_noisy=is_noisy),
            nothing,
        )
        metrics = self._warner.attempt(
            "Choosing what sounds",
            lambda: self.interpreter.choose(values, unreadable),
            self.interpreter.selection.metrics,
        )
        self._waiting += happened
        self._record.note(metrics, self.interpreter.sounding(happened), happened)
        return happened

    def cue(self) -> Cue:
        """Return the cue of all rows since the last one."""
        interpreter, history = self.interpreter, self._record.history
        start, here = self._cued, self.at
        self._cued = stop = len(history)
        happened, self._waiting = tuple(self._waiting), []
        if len(happened) > 1:
            happened = tuple(by_importance(happened))
        sounded = interpreter.sounding(happened)
        silent = Cue(
            epoch=here.epoch, step=here.step, sounded=sounded, happened=happened
        )
        if start == stop:
            return silent
        if here.step is not None:
            self._record.cue()

        def compose() -> Cue:
            point = history.point(start, stop) if here.step is not None else None
            return interpreter.composer.cue(
                here.epoch,
                self._values if point is None else point.values,
                interpreter.selection.metrics,
                sounded,
                happened=happened,
                window=point,
            )

        return self._warner.attempt("Composing an epoch", compose, silent)
