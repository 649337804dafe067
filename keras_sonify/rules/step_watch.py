"""All rules, on a run told in steps: never on single steps, which are but noise."""

import math
from collections.abc import Mapping, Sequence

from keras_sonify.rules.moment import Found, Moment
from keras_sonify.rules.step_rows import columns_of
from keras_sonify.rules.thresholds import Rules
from keras_sonify.rules.trouble import Divergence, MetricNotFinite, NotFinite
from keras_sonify.rules.watch import Rule, all_rules
from keras_sonify.training.against import OtherRun
from keras_sonify.training.axis import EPOCH_MEAN, STEPS, At
from keras_sonify.training.directions import Direction
from keras_sonify.training.events import Event, by_importance, spike_text
from keras_sonify.training.metrics import Metric
from keras_sonify.training.middle import finite_in, middle_of
from keras_sonify.training.names import is_validation
from keras_sonify.training.points import Window, median

_SHORT, _LONG = 20, 100  # steps of a window, at least
# Of all steps so far: ten windows, in which a plateau shows, double the run.
_GROWTH = 0.07
# Standard deviation of a median over that of a mean, and of normal noise over its
# median absolute deviation.
_OF_MEDIAN = 1.2533 * 1.4826
_AT_ONCE = (NotFinite, MetricNotFinite)
_SOON = (Divergence,)


class StepWatch:
    """Watches a run told in steps and says what happens in it.

    What is not a number and spikes are told at once; divergence in windows of 20 steps;
    all else in windows of 100 steps or 7 % of the run so far, which end where
    validation values come.

    Args:
        rules: The thresholds.
        monitor: Metric whose new bests are told.
        directions: Which way a family improves, where it is known.
        other: The run that it is held against. Defaults to `None`.

    Attributes:
        closed: The window that ended with the last row: its place and its medians;
            `None` if none did.
    """

    def __init__(
        self,
        rules: Rules | None = None,
        monitor: str = "val_loss",
        directions: Mapping[str, Direction] | None = None,
        other: OtherRun | None = None,
    ) -> None:
        metric = Metric.named(monitor, directions)
        self.closed: tuple[At, dict[str, float]] | None = None
        self._now, self._soon, self._later = (
            Moment(rules=rules or Rules(), monitor=metric, axis=STEPS, other=other)
            for _ in range(3)
        )
        # What one has told keeps others silent.
        self._soon.told = self._later.told = self._now.told
        at_once, soon = [rule() for rule in _AT_ONCE], [rule() for rule in _SOON]
        self._at_once: Sequence[Rule] = at_once
        self._soon_rules: Sequence[Rule] = soon
        known = (*_AT_ONCE, *_SOON)
        self._later_rules: Sequence[Rule] = [
            rule() for rule in all_rules() if rule not in known
        ]
        self._short, self._long = _Growing(_SHORT, 0.0), _Growing(_LONG, _GROWTH)
        self._is_noise_told = False

    def check(
        self, at: At, values: Mapping[str, float], window: Window, *, is_noisy: bool
    ) -> tuple[Event, ...]:
        """Return what happened in a row, the most important first.

        Args:
            at: Where it lies.
            values: All its values.
            window: What it stands for.
            is_noisy: Boolean. Whether what stands out is the noise of this run.
        """
        if window.ends_epoch:  # what is told of the whole epoch is no news
            values = {n: v for n, v in values.items() if not n.startswith(EPOCH_MEAN)}
        found: list[Found] = []
        is_plain = not window.spikes and math.isfinite(sum(values.values()))
        if not is_plain or (is_noisy and not self._is_noise_told):
            self._now.update(at.place, values)
            found += [rule.check(self._now) for rule in self._at_once]
            found.append(self._spike(at, values, window, is_noisy=is_noisy))
        # Of what was logged every so many steps, each is one value.
        count = window.steps if window.spreads else 1
        self._later.seen += count
        if (short := self._short.take(values, window, count)) is not None:
            self._soon.update(at.place, short)
            found += [rule.check(self._soon) for rule in self._soon_rules]
        long = self._long.take(values, window, count)
        self.closed = None if long is None else (at, long)
        if long is not None:
            self._later.update(at.place, long, at.epoch)
            error = self._long.error_of(self._later.called("loss"))
            first = self._later.errors[0] if self._later.count > 1 else error
            self._later.errors = first, error
            found += [rule.check(self._later) for rule in self._later_rules]
        if not found:  # as nearly always: it has to be quick
            return ()
        return tuple(
            by_importance(
                Event(kind=what[0], epoch=at.epoch, step=at.step, text=what[1])
                for what in found
                if what
            )
        )

    def _spike(
        self, at: At, values: Mapping[str, float], window: Window, *, is_noisy: bool
    ) -> Found:
        if not window.spikes:
            if is_noisy and not self._is_noise_told:
                self._is_noise_told = True
                often = "single steps stand far out again and again"
                return "spike", f"{often}: that is the noise of this run"
            return None
        names = [name for name in values if name in window.spikes]
        return "spike", spike_text(names[0], values[names[0]], len(names) - 1)


class _Growing:
    """Windows of rows: their medians, as the rules are shown them."""

    def __init__(self, least: int, growth: float) -> None:
        self._least = least
        self._growth = growth
        self._rows: list[Mapping[str, float]] = []
        self._columns: dict[str, list[float]] = {}  # of the last window
        self._seen = self._count = 0  # values, in all and in this window
        self._names: frozenset[str] = frozenset()
        self._is_validated = False

    def take(
        self, values: Mapping[str, float], window: Window, count: int
    ) -> dict[str, float] | None:
        """Take in a row; return the window that ends with it, if one does."""
        self._seen += count
        if values.keys() != self._names:
            self._names = frozenset(values)
            self._is_validated = self._growth > 0.0 and any(map(is_validation, values))
        if window.spikes:
            values = {n: v for n, v in values.items() if n not in window.spikes}
        self._rows.append(values)
        self._count += count
        enough = max(self._least, self._growth * self._seen)
        if self._count < enough and not self._is_validated:
            return None
        self._columns = columns_of(self._rows)
        self._rows, self._count = [], 0
        return {n: middle_of(column) for n, column in self._columns.items()} or None

    def error_of(self, name: str | None) -> float:
        """Return the standard error of a median of the last window, as a share of it.

        Of so many values with normal noise; the deviation is that of their medians.
        """
        finite = finite_in(self._columns.get(name or "", []))
        middle = median(finite) if finite else 0.0
        if not middle:
            return 0.0
        deviation = median([abs(value - middle) for value in finite])
        return _OF_MEDIAN * deviation / abs(middle) / math.sqrt(len(finite))
