"""What Keras tells with each batch: which metrics are means, and of how much."""

import math
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from keras_sonify.callback.learning_rate import variable_number
from keras_sonify.callback.order import Logs
from keras_sonify.callback.own_values import OwnValues, full_batches
from keras_sonify.training.values import read_values

_KERAS = ("keras", "tf_keras")
_SAME = 1e-3  # relative; what was told, and what a metric has counted, differ by less


class Means:
    """What is known of the metrics of a model that Keras's `fit` trains.

    It does not keep the model alive.

    Args:
        model: The model.
        say: Told once, by name, which of them are heard for the epoch so far.
    """

    def __init__(self, model: object, say: Callable[[list[str]], None]) -> None:
        self._model = weakly(model)
        self._say = say
        self._said: set[str] = set()
        self._uneven: set[str] = set()  # means in which batches do not count alike
        self._counts: dict[str, tuple[float, float]] | None = None

    def begin_epoch(self) -> None:
        """Note that all metrics count anew."""
        self._counts = None

    def learn(self, logs: Logs) -> OwnValues:
        """Return what undoes the means of an epoch; see `Batches.begin_epoch`.

        When its first batch is over, all metrics are built.
        """
        model = self._model()
        names = read_values(logs).numbers
        means = {name for name, _ in _means(model)} - self._uneven
        running = set(names) - means
        if not _is_told_by_keras(model):
            running &= self._uneven  # a `train_step` may tell what it likes
        if new := sorted(running - self._said):
            self._said.update(new)
            self._say(new)
        return OwnValues(means, running)

    def count(self) -> None:
        """Read how much has been counted in an epoch, when its last batch is over.

        Asks the device, if it has not been asked: validation counts anew.
        """
        if self._counts is None:
            self._counts = {}
            for name, metric in _means(self._model()):
                with suppress(Exception):
                    count = variable_number(metric.count)
                    mean = variable_number(metric.total) / count
                    self._counts[name] = mean, count

    def full(self, batches: int, logs: Logs) -> Mapping[str, float]:
        """Return how many full batches those of an epoch make; see `Batches`."""
        self.count()
        found: dict[str, float] = {}
        told = read_values(logs).numbers
        for name, (mean, count) in (self._counts or {}).items():
            # Somebody may have counted something else in between.
            if math.isclose(mean, told.get(name, math.nan), rel_tol=_SAME):
                full = full_batches(count, batches)
                if full:
                    found[name] = full
                elif full is not None:
                    self._uneven.add(name)
        return found


def weakly(model: object) -> Callable[[], object]:
    """Return what returns a model as long as somebody else keeps it alive."""
    try:
        return weakref.ref(model)
    except TypeError:  # somebody's stand-in for a model
        return lambda: None


def _is_told_by_keras(model: object) -> bool:
    """Whether what is told of a batch is what Keras's own `train_step` tells."""
    step: object = getattr(type(model), "train_step", None)
    return str(getattr(step, "__module__", "")).partition(".")[0] in _KERAS


def _means(model: object) -> Iterator[tuple[str, Any]]:
    metrics: list[Any] = []
    with suppress(Exception):  # a model of the user's may be anything
        metrics = list(model.metrics)  # type: ignore[attr-defined]
    for metric in metrics:
        if not hasattr(metric, "_flat_metrics"):
            if _is_mean(metric):
                yield metric.name, metric
        elif not _is_masked(model):  # each batch would count by what is not masked
            yield from _compiled_means(metric)


def _compiled_means(compiled: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield those of `compile(metrics=)`; `weighted_metrics` count by their weights."""
    found: dict[str, Any] = {}
    for of_output in getattr(compiled, "_flat_metrics", None) or ():
        for metric in getattr(of_output, "metrics", ()):
            output = getattr(of_output, "output_name", None)
            # The first of a name has it in `logs`, the next ones get numbers.
            name = f"{output}_{metric.name}" if output else metric.name
            found.setdefault(name, metric)
    yield from ((name, each) for name, each in found.items() if _is_mean(each))


def _is_mean(metric: object) -> bool:
    """Whether its result is its sum divided by its count, and no root of that, say."""
    for kind in type(metric).__mro__:
        if kind.__name__ == "Mean" and kind.__module__.partition(".")[0] in _KERAS:
            result: object = type(metric).result  # type: ignore[attr-defined]
            return result is kind.result  # type: ignore[attr-defined]
    return False


def _is_masked(model: object) -> bool:
    with suppress(Exception):
        outputs: Any = model.outputs  # type: ignore[attr-defined]
        return any(getattr(each, "_keras_mask", None) is not None for each in outputs)
    return False
