"""Rules for what goes wrong: NaN, divergence, overfitting."""

import math
from collections import deque
from itertools import pairwise

from keras_sonify.rules.moment import Found, Moment
from keras_sonify.training.events import in_four_digits
from keras_sonify.training.names import is_validation

# Tuned on logs of real trainings, as the defaults of `Rules` are.
_DIVERGENCE_EPOCHS = 2  # running that the loss has to be far above its best
_FAR = 1.5  # times all that had been gained: the least distance from the best
_FAST, _RECENT = 0.25, 10  # share of that distance which came in the last epochs
_LEAST_GAIN = 0.25  # of the first value: less counts as that much
_OVERFITTING_GAIN = 0.02  # of its range that the training loss has to have gained
_STEEP = 2.0  # times that share: so far a rise needs no smoothing
_NEAR = 0.2  # of that share: so near to its best it may be told again
_MOST_TOLD = 10.0  # a larger share says nothing more
_SETTLED = 4  # epochs before medians of three tell anything


class NotFinite:
    """A loss is NaN or infinite: told in that epoch, and once for each loss.

    As Keras's TerminateOnNaN, per epoch. When the training loss has gone, the others
    follow: that is no news.
    """

    def __init__(self) -> None:
        self._gone: set[str] = set()

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""
        if now.called("loss") in self._gone:
            return None
        wrong = [
            name
            for name in sorted(now.losses(), key=is_validation)
            if not math.isfinite(now.value(name)) and name not in self._gone
        ]
        if not wrong:
            return None
        self._gone.update(wrong)
        now.told.add("nan_loss")
        return "nan_loss", f"{wrong[0]} is {in_four_digits(now.value(wrong[0]))}"


class MetricNotFinite:
    """Another metric is NaN or infinite: told softly, and once a run.

    When a loss has gone, the others follow: that is no news.
    """

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""
        wrong = [name for name, value in now.values.items() if not math.isfinite(value)]
        if wrong and "nan_loss" not in now.told and now.once("nan_metric"):
            return "nan_metric", f"{wrong[0]} is {in_four_digits(now.value(wrong[0]))}"
        return None


class Divergence:
    """Training loss far above its first and its best value, two epochs running.

    A finite explosion: above three times the best, and above it by one and a half of
    what had been gained; a quarter of that in the last ten epochs, for what creeps does
    not explode. On validation loss the same would fire on runs that recover. Re-armed
    by a new best.
    """

    def __init__(self) -> None:
        self._epochs = 0
        self._recent: deque[float] = deque(maxlen=_RECENT)

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""
        loss, rules, value = now.loss, now.rules, now.loss.present
        limit = max(
            rules.divergence_factor * abs(loss.best),
            loss.best + _FAR * (loss.first - loss.best),
        )
        self._recent.append(value if math.isfinite(value) else math.inf)
        is_far = math.isfinite(value) and value > loss.first and value > limit
        is_fast = value - min(self._recent) >= _FAST * (value - loss.best)
        self._epochs = self._epochs + 1 if is_far and is_fast else 0
        if loss.best_at == now.at:
            now.told.discard("divergence")
        if self._epochs >= _DIVERGENCE_EPOCHS and now.once("divergence"):
            best = f"{in_four_digits(loss.best)} at {now.axis.name(loss.best_at)}"
            text = f"training loss {in_four_digits(value)}, best was {best}: diverging"
            return "divergence", text
        return None


class Overfitting:
    """Validation loss rises while training loss falls, three epochs running.

    Held against the best smoothed value, like the generalisation loss of Prechelt
    (Early stopping - but when?, 1998), but in shares of what had been gained, so that
    small losses close to convergence do not fire. An epoch that is the best of all is
    none of the three, and a loss that is on its way down again is no news. Where it
    rises twice as far, and training falls, in each of three epochs running, nothing is
    smoothed: a short run would be over before.

    Re-armed by a new best smoothed value; or by a new best, once the smoothed one has
    come near its own again.
    """

    def __init__(self) -> None:
        self._epochs = 0
        self._recent: deque[float] = deque(maxlen=3)
        self._raw: list[tuple[float, float]] = []
        self._loss_at_best = math.nan
        self._has_new_best = False

    def check(self, now: Moment) -> Found:
        """Return what happened in this epoch."""
        loss, validation, rules = now.loss, now.validation, now.rules
        if validation.best_smooth_at == now.at:
            self._epochs, self._loss_at_best = 0, loss.smooth
            now.told.discard("overfitting")
        if now.called("val_loss") is None:
            return None
        latest = (validation.present, loss.present)
        self._raw = [*self._raw[-rules.overfitting_epochs :], latest]
        gained = validation.first - validation.best_smooth
        least = rules.overfitting_rise * max(
            gained, _LEAST_GAIN * abs(validation.first)
        )
        rise = validation.smooth - validation.best_smooth
        if validation.best_at == now.at:
            self._has_new_best = True
        if self._has_new_best and rise < _NEAR * least:
            now.told.discard("overfitting")
        loss_gain = self._loss_at_best - loss.smooth
        is_over = (
            now.count > _SETTLED
            and validation.best_at != now.at
            and rise >= least
            and loss_gain >= _OVERFITTING_GAIN * (loss.highest - loss.best) > 0
        )
        is_settled = now.count > _SETTLED and len(self._raw) > rules.overfitting_epochs
        is_steep = is_settled and self._is_steep(validation.best_smooth, least)
        now.is_overfitting = is_over or is_steep
        self._epochs = self._epochs + 1 if is_over else 0
        self._recent.append(validation.smooth)
        is_news = is_steep or (
            self._epochs >= rules.overfitting_epochs
            and validation.smooth >= self._recent[0]
        )
        if is_news and now.once("overfitting"):
            self._has_new_best = False
            # What was judged is told: smoothed values, or bare ones.
            reached, from_best = validation.smooth, validation.best_smooth
            if is_steep:
                reached, from_best = validation.last, validation.best
            share = (reached - from_best) / abs(from_best) if from_best else math.inf
            best, at = (
                in_four_digits(validation.best),
                now.axis.name(validation.best_at),
            )
            text = (
                f"validation loss best {best} at {at}, {_worse(share)} now "
                "while training still improves: overfitting"
            )
            return "overfitting", text
        return None

    def _is_steep(self, best: float, least: float) -> bool:
        """Whether it rose from near its best, in each epoch, to twice the share."""
        values = [value for value, _ in self._raw]
        both = pairwise(self._raw)
        is_parting = all(a[0] < b[0] and a[1] > b[1] for a, b in both)
        begins_there = abs(values[0] - best) < least and values[1] >= best
        return is_parting and begins_there and values[-1] - best >= _STEEP * least


def _worse(share: float) -> str:
    return f"{100 * share:.0f} percent worse" if share <= _MOST_TOLD else "far worse"


RULES = (
    NotFinite,
    Divergence,
    Overfitting,
    MetricNotFinite,
)
"""What goes wrong, in the order in which they are asked."""
