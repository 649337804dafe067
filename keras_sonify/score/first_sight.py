"""The scale at first sight: what better, worse and an alarm sound like."""

from collections.abc import Iterator
from dataclasses import replace

from keras_sonify.score.composer import Composer
from keras_sonify.score.earcons import earcon, word_after
from keras_sonify.score.note import Note
from keras_sonify.score.style import Style
from keras_sonify.training.metrics import Metric

WORDS = _BETTER, _WORSE, _ALARM = ("better", "worse", "alarm")
_BETWEEN = 0.4  # seconds from a word to what comes next
_BREATH = 0.12  # seconds between two tones where there is no reference
_FIRST, _LOWER, _HIGHER = 1.0, 0.7, 1.4  # losses


def first_sight(style: Style, *, words: bool = True) -> tuple[Note, ...]:
    """Return "better, worse, alarm": a loss that falls, one that rises, and an alarm.

    Each is followed by its word, or by the time for it. They are as loud as they will
    be: whoever hears them knows how loud to have a training.

    Args:
        style: How the training will sound.
        words: Boolean. Whether the words are spoken. Defaults to `True`.
    """
    notes: list[Note] = []
    for heard in _heard(style):
        start = notes[-1].end + _BETWEEN if notes else 0.0
        notes += [replace(note, start=start + note.start) for note in heard]
    return tuple(note for note in notes if words or not note.word)


def _heard(style: Style) -> Iterator[tuple[Note, ...]]:
    for word, loss in ((_BETTER, _LOWER), (_WORSE, _HIGHER)):
        tones = _tones(loss, style)
        yield (*tones, word_after(tones[-1], word, style))
    alarm = earcon("nan_loss", style, word=_ALARM)
    yield tuple(replace(note, kind="test") for note in alarm)


def _tones(loss: float, style: Style) -> tuple[Note, ...]:
    """Return the cue of a loss that was another one before, from the centre."""
    metric = Metric.named("loss")
    composer = Composer(style)
    first, second = (
        composer.cue(epoch, {metric.name: value}, [metric]).notes
        for epoch, value in enumerate((_FIRST, loss))
    )
    if not style.reference:  # nothing else tells what it was before
        shift = first[-1].end + _BREATH
        second = (*first, *(replace(note, start=note.start + shift) for note in second))
    return tuple(replace(note, kind="test", pan=0.0) for note in second)
