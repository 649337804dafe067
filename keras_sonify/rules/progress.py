"""Rules for how it goes on: stuck, plateau, oscillation, learning rate, new best."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from keras_sonify.rules.moment import Course, Found, Moment
from keras_sonify.training.axis import STEPS
from keras_sonify.training.best import Best
from keras_sonify.training.events import EventKind, in_four_digits
from keras_sonify.training.metrics import is_accuracy
from keras_sonify.training.names import is_validation

# Tuned on logs of real trainings, as the defaults of `Rules` are.
_STUCK_GAIN = 0.02  # of the first loss, in the first `plateau_epochs`
# Steps before a run may be called stuck, or level: whoever fine-tunes warms up, and
# gains little.
_STUCK_STEPS, _LEVEL_STEPS = 5000, 2000
_SURE = 2.0  # standard errors
_PLATEAU_REARM = 0.1  # of the best value, before another plateau is told
_SWING_SHARE, _SWING_EPOCHS = 0.2, 20  # of the last epochs have to be swings
_LEARNING_RATE_REST = 1  # epochs without a change before the rate falls
_BEST_GAIN = 1e-4  # of its first value by which `monitor` has to beat its best

_BLOWN_UP: frozenset[EventKind] = frozenset(["nan_loss", "divergence"])


class Stuck:
    """Training loss gained less than 2 % in its first ten epochs: told then.

    By its smoothed values: one lucky epoch is no gain.

    Of a training that is resumed, or followed from its middle, these are not known. In
    steps, it is asked once after 5000 of them.
    """

    def __init__(self) -> None:
        self._is_asked = False

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""
        loss, rules = now.loss, now.rules
        if self._is_asked or now.count < rules.plateau_epochs:
            return None
        if now.axis is STEPS and now.seen < _STUCK_STEPS:
            return None
        self._is_asked = True
        is_resumed = now.axis is not STEPS and now.at + 1 != now.count
        if is_resumed or now.told & _BLOWN_UP:
            return None
        if _has_learnt_nothing(now):
            now.told.update(["stuck", "plateau"])
            first, last = in_four_digits(loss.first), in_four_digits(loss.last)
            text = f"training loss {last}, at the start {first}: it has not learnt yet"
            return "stuck", text
        return None


def _has_learnt_nothing(now: Moment) -> bool:
    """Whether the training loss has not gained, so far as its noise lets one see."""
    loss, least = now.loss, _STUCK_GAIN - _SURE * max(now.errors)
    # Among many windows the best one is so by chance: the last ones count.
    reached = loss.smooth if now.axis is STEPS else loss.best_smooth
    return least > 0.0 and loss.first - reached < least * abs(loss.first)


class Plateau:
    """No gain of 0.5 % for ten epochs (Keras's ReduceLROnPlateau waits ten, too).

    On validation loss where there is one, neither in its best value nor smoothed;
    epochs that were not validated do not count. Told once, until it has gained another
    10 %; not told of a run that overfits or has blown up: that is said already.
    """

    def __init__(self) -> None:
        self._course: Course | None = None
        self._best, self._smooth, self._rearm = _Gains(), _Gains(), _Gains()
        self._waited, self._since = 0, -1

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""
        rules, is_validated = now.rules, now.validation.exists
        course = now.validation if is_validated else now.loss
        if not math.isfinite(course.present):
            return None
        if course is not self._course:  # the first validation may come late
            self._course = course
            self._best, self._smooth, self._rearm = _Gains(), _Gains(), _Gains()
        if self._rearm.update(course.smooth, _PLATEAU_REARM):
            now.told.discard("plateau")
        has_best = self._best.update(course.best, rules.plateau_gain)
        if self._smooth.update(course.smooth, rules.plateau_gain) or has_best:
            self._waited, self._since = 0, now.at
            return None
        self._waited += 1
        is_said = now.is_overfitting or now.told & {"overfitting", *_BLOWN_UP}
        # What noise hides may well be a gain.
        is_hidden = now.errors[1] > rules.plateau_gain
        least = _STUCK_STEPS if _has_learnt_nothing(now) else _LEVEL_STEPS
        is_early = now.axis is STEPS and (now.seen < least or is_hidden)
        is_long = self._waited >= rules.plateau_epochs and not is_early
        if is_long and not is_said and now.once("plateau"):
            self._rearm.at = self._smooth.at
            which = "validation" if is_validated else "training"
            best = f"{in_four_digits(course.best)} at {now.axis.name(course.best_at)}"
            long = now.axis.count(now.at - self._since)
            text = f"{which} loss has hardly improved for {long}, best {best}"
            return "plateau", text
        return None


@dataclass(slots=True)
class _Gains:
    """Tells of each value that is lower by a share than the last one it told of."""

    at: float | None = None

    def update(self, value: float, share: float) -> bool:
        if self.at is not None and value >= self.at - share * abs(self.at):
            return False
        self.at = value
        return True


class Oscillation:
    """Training accuracy swings by 0.03 and more in a fifth of the epochs.

    AUTOTRAINER's rule (Zhang et al., ICSE 2021) over a window of 20 epochs; without
    an accuracy on the loss, in shares of its range (at least a quarter of the first
    value). Told once a run. Not asked in steps: what swings there is noise. An accuracy
    that has been above 1 is told in percent.
    """

    def __init__(self) -> None:
        self._window: deque[float] = deque()
        self._whole = 1.0  # an accuracy of all: 100 where it is told in percent

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""
        rules, loss = now.rules, now.loss
        if now.axis is STEPS:
            return None
        # Falls of an accuracy are rises of its negative, as of a loss.
        accuracies = [
            -value
            for name, value in now.values.items()
            if is_accuracy(name) and not is_validation(name)
        ]
        value = accuracies[0] if accuracies else now.loss.present
        span = max(loss.highest - loss.best, 0.25 * abs(loss.first))
        if accuracies and accuracies[0] < -1.0:
            self._whole = 100.0
        least = rules.swing * (self._whole if accuracies else span)
        if not math.isfinite(value) or now.told & _BLOWN_UP:
            return None
        self._window.append(value)
        if len(self._window) > _SWING_EPOCHS:
            self._window.popleft()
        if len(self._window) < _SWING_EPOCHS:
            return None
        is_often = _swings(list(self._window), least) >= (_SWING_SHARE * _SWING_EPOCHS)
        if is_often and now.once("oscillation"):
            which = "accuracy" if accuracies else "loss"
            return "oscillation", f"training {which} swings from epoch to epoch"
        return None


def _swings(values: Sequence[float], least: float) -> int:
    """Count the rises of at least `least` from a local minimum to the next maximum."""
    count, low = 0, values[0]
    for before, value, after in zip(values, values[1:], values[2:], strict=False):
        if value <= before and value < after:
            low = value
        elif value >= before and value > after and value - low >= least:
            count += 1
            low = value
    return count


class LearningRate:
    """The learning rate falls by a tenth, after two epochs without a change.

    A schedule that lowers it every epoch is no news, nor one that does every second,
    after the first time.
    """

    def __init__(self) -> None:
        self._rate = math.nan
        self._rested = self._rested_before = 0

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""
        rate = now.values.get("learning_rate", now.values.get("lr", math.nan))
        before, rested = self._rate, self._rested
        if not math.isfinite(rate):
            return None
        self._rate, self._rested = rate, rested + 1 if rate == before else 0
        limit = (1.0 - now.rules.learning_rate_drop) * before
        if not before > rate <= limit:
            return None
        is_routine = rested == self._rested_before == _LEARNING_RATE_REST
        self._rested_before = rested
        if rested >= _LEARNING_RATE_REST and not is_routine:
            old, new = in_four_digits(before), in_four_digits(rate)
            return "learning_rate", f"learning rate lowered from {old} to {new}"
        return None


class NewBest:
    """`monitor` beats its best by 1e-4 of its first value, after ten epochs' pause.

    Early in a run nearly every epoch is a best one, which its cue tells anyway.
    """

    def __init__(self) -> None:
        self._best: Best | None = None
        self._scale = 0.0
        self._told_at = 0

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""
        name, value = now.called(now.monitor.name), now.value(now.monitor.name)
        if not math.isfinite(value):
            return None
        if self._best is None:
            self._best, self._scale = Best(now.monitor.direction), abs(value)
        best = self._best.value
        if best is not None and abs(value - best) <= _BEST_GAIN * self._scale:
            return None
        if not self._best.update(value, now.at) or best is None:
            return None
        if now.count - self._told_at > now.rules.best_pause:
            self._told_at = now.count
            return "best", f"{name} {in_four_digits(value)} is the best so far"
        return None


RULES = (
    Stuck,
    Plateau,
    Oscillation,
    LearningRate,
    NewBest,
)
"""What tells how it goes on, in the order in which they are asked."""
