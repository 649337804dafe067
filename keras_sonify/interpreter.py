"""What the values of a run mean as they come: what sounds, what happened, the best."""

from collections.abc import Collection, Mapping, Sequence

from keras_sonify.rules import Watch
from keras_sonify.score.composer import Composer
from keras_sonify.settings import Settings
from keras_sonify.training.best import Best
from keras_sonify.training.events import Event, by_importance
from keras_sonify.training.metrics import Direction, Metric
from keras_sonify.training.names import family_of, find_name
from keras_sonify.training.selection import Selection


class Interpreter:
    """Makes sense of a run, epoch by epoch.

    Args:
        settings: What the user asked for.
        directions: Which way each family improves, where Keras knows better than its
            name.

    Attributes:
        directions: The same, with what the user said.
        monitor: The metric whose best epoch is told.
        selection: What sounds.
        composer: Turns values into cues.
    """

    def __init__(self, settings: Settings, directions: Mapping[str, Direction]) -> None:
        known = {**directions, **settings.directions}
        if settings.mode != "auto":
            known[family_of(settings.monitor)] = settings.mode
        self.directions: Mapping[str, Direction] = known
        self.monitor = Metric.named(settings.monitor, known)
        self.selection = Selection(settings.metrics, known)
        self.composer = Composer(settings.style)
        self._earcons = settings.earcons
        self._watch = Watch(settings.rules, settings.monitor, known)
        # Where the monitored metric never comes, the loss is told of.
        names = dict.fromkeys((settings.monitor, "val_loss", "loss"))
        self._best = {name: Best(Metric.named(name, known).direction) for name in names}
        self._called: dict[str, str] = {}  # by the run itself: `train_loss`, say

    def judge(self, epoch: int, values: Mapping[str, float]) -> tuple[Event, ...]:
        """Return what happened in an epoch, and note what was best.

        Args:
            epoch: Zero-based epoch.
            values: All its values.
        """
        for name, best in self._best.items():
            called = find_name(name, values)
            if called is not None:
                self._called[name] = called
                best.update(values[called], epoch)
        return self._watch.check(epoch, values)

    def sounding(self, happened: Sequence[Event]) -> Event | None:
        """Return the event of an epoch that sounds: the most important one that may."""
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
    def best(self) -> tuple[str, int, float] | None:
        """The metric that is told of, the epoch in which it was best, and the value."""
        for name, best in self._best.items():
            if best.found is not None:
                return self._called[name], *best.found
        return None
