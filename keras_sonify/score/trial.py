"""The end of one run of a search: the best so far, then its own best value."""

from collections.abc import Sequence

from keras_sonify.score.earcons import earcon
from keras_sonify.score.note import Note
from keras_sonify.score.ranges import Ranges
from keras_sonify.score.style import Style
from keras_sonify.score.tones import pitch_of, tone_note
from keras_sonify.training.axis import At
from keras_sonify.training.metrics import Metric

_PAUSE = 0.3  # seconds before it
_GAP = 0.02  # seconds between reference and tone, as in a cue


def trial_notes(
    metric: Metric,
    value: float,
    before: Sequence[float],
    style: Style,
    *,
    at: At,
    start: float,
    is_best: bool,
) -> tuple[Note, ...]:
    """Return how a run is heard against the best one of its search so far.

    A reference, the best value before it; then its tone; where it is better, the figure
    for news.

    Args:
        metric: What counts.
        value: Its best value.
        before: The best values of the runs before it, at least one.
        style: How it sounds.
        at: Where it has its best value.
        start: What sounds before it ends then, in seconds.
        is_best: Boolean. Whether it is the best.
    """
    ranges = Ranges(style, alone=True)
    for each in (*before, value):
        ranges.include(metric, each)
    best = max(before) if metric.direction == "max" else min(before)
    span = ranges.span(metric)
    first = tone_note(
        metric,
        at,
        best,
        pitch_of(best, span, style),
        style,
        start=start + _PAUSE,
        duration=style.reference or style.tone,
        kind="reference",
    )
    tone = tone_note(
        metric,
        at,
        value,
        pitch_of(value, span, style),
        style,
        start=first.end + _GAP,
        duration=style.tone,
    )
    if not is_best:
        return first, tone
    return first, tone, *earcon("best", style, start=tone.end + _PAUSE, words=False)
