"""The cue: what one epoch, or a window of steps, sounds like, and what is behind it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from keras_sonify.score.held import Beside, Held
from keras_sonify.score.note import Note
from keras_sonify.training.axis import At
from keras_sonify.training.events import Event
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One metric at one epoch or in one window, as it is heard and told.

    Attributes:
        metric: Which metric.
        value: Its value; may be NaN or infinite.
        best: Its best value before this epoch; `None` at the first one, and for
            metrics of unknown direction.
        is_best: Whether this epoch improved on all before it. The first epoch does,
            unless nobody knows which way the metric improves.
        reach: What it did in a window; `None` where there is none.
        other: What the run which it is held against had there; `None` if there is no
            such run, or it had no value.
    """

    metric: Metric
    value: float
    best: float | None
    is_best: bool
    reach: Reach | None = None
    other: Beside | None = None

    @property
    def reference(self) -> float | None:
        """What its tone is held against: the other run's value, or its best one."""
        return self.best if self.other is None else self.other.value


@dataclass(frozen=True, kw_only=True)
class Cue:
    """What one epoch, or a window of steps, sounds like, and what is behind it.

    Its notes are made when they are first asked for: most cues are never played.

    Attributes:
        epoch: Zero-based epoch.
        step: How many steps have been done with it, in a run told in steps.
        readings: What the tones tell.
        sounded: What the earcon tells; `None` if there is none.
        happened: All that happened, also what does not sound.
        is_within: Whether the epoch goes on after it, in a run told in steps.
        held: What it is held against, if that is another run.
        compose: Returns whether it is quiet, and its notes.
    """

    epoch: int
    step: int | None = None
    readings: tuple[Reading, ...] = ()
    sounded: Event | None = None
    happened: tuple[Event, ...] = ()
    is_within: bool = False
    held: Held | None = None
    compose: Callable[[], tuple[bool, tuple[Note, ...]]] = field(
        default=lambda: (False, ()), repr=False, compare=False
    )

    @property
    def at(self) -> At:
        """Where it lies."""
        return At(self.epoch, self.step)

    @cached_property
    def _composed(self) -> tuple[bool, tuple[Note, ...]]:
        return self.compose()

    @property
    def notes(self) -> tuple[Note, ...]:
        """The tones, then the earcon of an event."""
        return self._composed[1]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing changed, so that it sounds softer."""
        return self._composed[0]
