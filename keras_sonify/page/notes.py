"""What a run's page says of itself: what is heard where, and what it holds."""

from keras_sonify.page.sides import sides_sentence
from keras_sonify.page.values import KeptByPoint
from keras_sonify.score.heard import Heard
from keras_sonify.training.axis import STEPS
from keras_sonify.training.run_points import Points

_HEIGHT = (
    "The higher the value, the higher the pitch: the height of a curve is the pitch of "
    "its tones in the whole run."
)
_ALONE = "A metric alone is heard on its own range, and moves more than its curve."
_STEPS = (
    "Light band: eight of ten steps. A diamond: a spike. Grey lines: ends of epochs."
)


def legend(heard: Heard, *, has_best: bool) -> str:
    """Return what the picture and the sound mean, as far as there is of it.

    Args:
        heard: The run.
        has_best: Boolean. Whether a best value is marked.
    """
    sides = sides_sentence(heard)
    has_log = any(span and span.unit > 0 for span in heard.spans.values())
    names = {metric.name for metric in heard.metrics}
    has_wrong = any(
        reach.wrong
        for point in heard.points
        for name, reach in point.reaches.items()
        if name in names
    )
    told = [
        (True, _HEIGHT),
        (bool(sides), sides),
        (heard.own_spans != heard.spans, _ALONE),
        (has_log, "Log: equal distances are equal factors."),
        (has_wrong, "A cross: NaN or infinite."),
        (bool(heard.run.notable), "Numbers mark what happened."),
        (has_best, "A ring: the best value."),
        (heard.run.axis is STEPS and not heard.voices, _STEPS),
    ]
    return " ".join(words for holds, words in told if holds)


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
