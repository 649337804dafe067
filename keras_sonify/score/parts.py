"""Which metrics a summary sounds: one or two families, one after the other."""

import math
from collections.abc import Sequence
from itertools import chain

from keras_sonify.training.metrics import (
    Metric,
    is_accuracy,
    is_any_loss,
    is_loss,
    is_total,
)
from keras_sonify.training.run_points import Points


def summary_parts(
    metrics: Sequence[Metric], asked: Sequence[str], points: Points
) -> list[list[Metric]]:
    """Return what a summary sounds: one list of metrics for each of up to two parts.

    Args:
        metrics: The metrics of the run.
        asked: What the user named. Accuracies are in it if they were named.
        points: The run.

    Returns:
        The loss with its validation twin, then accuracies. Where there are only losses
        of parts, what is called their total, then those that move most; where there
        is none, the first family that was asked for, or those that move most.
    """
    named = {(m.family, m.validation) for m in map(Metric.named, asked)}
    accuracies = [
        metric
        for metric in metrics
        if is_accuracy(metric.name) and (metric.family, metric.validation) in named
    ]
    losses = [metric for metric in metrics if is_loss(metric.name)]
    if all(metric.validation for metric in losses):
        losses = [m for m in metrics if is_any_loss(m.name)] or [
            m for m in metrics if m.direction == "min" and not asked
        ]
        losses = _telling_first(losses, points)
    if not losses and not accuracies:
        losses = list(metrics) if asked else _telling_first(metrics, points)
        return _families(losses)[: 1 if asked else 2]
    return _families([*losses, *accuracies])[:2]


def _families(metrics: Sequence[Metric]) -> list[list[Metric]]:
    families: dict[str, list[Metric]] = {}
    for metric in metrics:
        families.setdefault(metric.family, []).append(metric)
    return list(families.values())


def _telling_first(metrics: Sequence[Metric], points: Points) -> list[Metric]:
    """Sort metrics, families together: what is a total first, then what moves most."""

    def turn(family: Sequence[Metric]) -> tuple[bool, float]:
        is_sum = any(is_total(metric.name) for metric in family)
        return not is_sum, -max(_movement(metric.name, points) for metric in family)

    return list(chain(*sorted(_families(metrics), key=turn)))


def _movement(name: str, points: Points) -> float:
    """Return how far a metric has moved, in shares of its largest value."""
    values = [
        value
        for point in points
        if name in point.reaches
        for _, value in point.reaches[name].moments
        if math.isfinite(value)
    ]
    low, high = min(values, default=0.0), max(values, default=0.0)
    # Each by itself: their distance may be beyond all floats.
    scale = max(abs(low), abs(high))
    return high / scale - low / scale if scale else 0.0
