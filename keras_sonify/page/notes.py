"""What a run's page says of itself: what is heard where, and what it holds."""

from keras_sonify.page.values import KeptByPoint
from keras_sonify.score.heard import Heard
from keras_sonify.training.axis import STEPS
from keras_sonify.training.history import Points


def places(heard: Heard) -> str:
    """Return where the two sides are heard, if in two places."""
    sides = {metric.validation for metric in heard.metrics}
    if heard.hearing.style.pan == 0 or len(sides) == 1:
        return ""
    return " Training is on the left, validation on the right."


def ranges(heard: Heard) -> str:
    """Return how a metric is heard alone, if not on the range of its curve."""
    if heard.own_spans == heard.spans:
        return ""
    return " A metric alone is heard on its own range, and moves more than its curve."


def kept(heard: Heard, cues: KeptByPoint) -> str:
    """Return which points of a run the page holds, if not all."""
    points = heard.points
    if points.axis is STEPS:
        return _kept_windows(points, cues)
    if len(cues) == points.count:
        return ""
    of = points.axis.count(points.count)
    if points.are_windows:
        of = (
            f"{len(points)} windows of {points.axis.count(points.size)}, each with the "
            "median of its values,"
        )
    return (
        f"<p>Of {of} this page holds the sound and the values of {len(cues)}: evenly "
        "spaced ones, the best, and those of events. score.csv and the WAV files hold "
        "all; log.csv holds every value.</p>"
    )


def _kept_windows(points: Points, cues: KeptByPoint) -> str:
    """Return what stands for what on the page of a run in steps."""
    steps = sum(point.steps for point in points)
    each = max(round(steps / len(points)), 1)
    heard = "" if len(cues) == len(points) else f", {len(cues)} of them on this page"
    return (
        f"<p>{len(points)} windows of about {points.axis.count(each)} sound{heard}. A "
        "window has the number of its last step, and the median of its values; "
        "validation is as it was measured. log.csv holds what was recorded.</p>"
    )
