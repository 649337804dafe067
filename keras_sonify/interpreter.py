"""What the values of a run mean as they come: what sounds, what happened, the best."""

from collections.abc import Collection, Mapping, Sequence

from keras_sonify.rules import StepWatch, Watch
from keras_sonify.score.composer import Composer
from keras_sonify.settings import Settings
from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import At
from keras_sonify.training.best import Best
from keras_sonify.training.directions import Direction
from keras_sonify.training.events import Event, by_importance
from keras_sonify.training.metrics import Metric
from keras_sonify.training.names import find_name, is_validation
from keras_sonify.training.points import Window
from keras_sonify.training.selection import Selection


class Interpreter:
    """Makes sense of a run, row by row: epochs, or windows of steps.

    Args:
        settings: What the user asked for.
        directions: Which way each family improves, where Keras knows better than its
            name.
        other: The run that it is held against. Defaults to `None`.

    Attributes:
        directions: The same, with what the user said.
        monitor: The metric whose best epoch is told.
        selection: What sounds.
        composer: Turns values into cues.
    """

    def __init__(
        self,
        settings: Settings,
        directions: Mapping[str, Direction],
        other: OtherRun | None = None,
    ) -> None:
        known = self.directions = settings.known_directions(directions)
        self.monitor = Metric.named(settings.monitor, known)
        self.selection = Selection(settings.metrics, known)
        self.composer = Composer(settings.style, words=settings.words, other=other)
        self._earcons = settings.earcons
        self._watch = Watch(settings.rules, settings.monitor, known, other)
        self._steps = StepWatch(settings.rules, settings.monitor, known, other)
        # Where the monitored metric never comes, the loss is told of.
        names = dict.fromkeys((settings.monitor, "val_loss", "loss"))
        self._best = {name: Best(Metric.named(name, known).direction) for name in names}
        self._called: dict[str, str] = {}  # by the run itself: `train_loss`, say
        self._best_at: dict[str, At] = {}
        self._names: frozenset[str] = frozenset()  # of the last row of steps
        self._validated: list[str] = []  # those of validation

    def judge(
        self,
        at: At,
        values: Mapping[str, float],
        window: Window | None = None,
        *,
        is_noisy: bool = False,
    ) -> tuple[Event, ...]:
        """Return what happened in an epoch, or a row of steps; note what was best.

        In steps, only a window's median may be the best training loss, never a batch's.

        Args:
            at: Where it lies.
            values: All its values.
            window: What it stands for, in steps. Defaults to `None`.
            is_noisy: Boolean. Whether steps that stand out are the noise of this run.
                Defaults to `False`.
        """
        if window is None:
            self._note_best(at, values)
            return self._watch.check(at.epoch, values)
        found = self._steps.check(at, values, window, is_noisy=is_noisy)
        if values.keys() != self._names:
            self._names = frozenset(values)
            self._validated = [name for name in values if is_validation(name)]
        if self._validated:
            self._note_best(at, {name: values[name] for name in self._validated})
        if self._steps.closed is not None:
            self._note_best(*self._steps.closed)
        return found

    def _note_best(self, at: At, values: Mapping[str, float]) -> None:
        for name, best in self._best.items():
            called = find_name(name, values)
            if called is not None:
                self._called[name] = called
                if best.update(values[called], at.place):
                    self._best_at[name] = at

    def sounding(self, happened: Sequence[Event]) -> Event | None:
        """Return the event of an epoch that sounds: the most important one that may."""
        if not happened:
            return None
        allowed = [event for event in happened if event.kind in self._earcons]
        return next(iter(by_importance(allowed)), None)

    def choose(
        self, names: Collection[str], unreadable: Collection[str] = ()
    ) -> tuple[Metric, ...]:
        """Return what sounds, now that these names have come.

        Args:
            names: Those of an epoch that had a number.
            unreadable: Those that had none. Defaults to none.
        """
        self.selection.update(names, unreadable)
        return self.selection.metrics

    @property
    def best(self) -> tuple[str, At, float] | None:
        """The name of the metric that is told of, where it was best, and the value."""
        for name, best in self._best.items():
            if best.value is not None:
                return self._called[name], self._best_at[name], best.value
        return None
