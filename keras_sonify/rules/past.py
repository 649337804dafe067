"""What happened in a run that is over, or was read from a log."""

from keras_sonify.rules.step_watch import StepWatch
from keras_sonify.rules.thresholds import Rules
from keras_sonify.rules.watch import Watch
from keras_sonify.training.against import OtherRun
from keras_sonify.training.history import History
from keras_sonify.training.record import Placed


def happened_in(
    history: History, rules: Rules | None = None, other: OtherRun | None = None
) -> list[Placed]:
    """Return what happened in a run, each with the place of its row.

    Args:
        history: The run, as it was recorded; see `recorded`.
        rules: The thresholds. Defaults to those of `Rules`.
        other: The run that it is held against. Defaults to `None`.
    """
    watch, steps = Watch(rules, other=other), StepWatch(rules, other=other)
    happened: list[Placed] = []
    for place, (at, values) in enumerate(history.rows(len(history))):
        window = history.window(place)
        found = (
            watch.check(at, values)
            if window is None
            else steps.check(history.at(place), values, window, is_noisy=False)
        )
        happened += [(place, event) for event in found]
    return happened
