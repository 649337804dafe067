"""Short figures that tell what has no pitch of its own.

Good news rises, bad news falls, an alarm is rough or noisy, and what stands still
repeats one tone. Any two differ in rhythm or contour, not only in timbre, but for the
two that are a single sound: one is noise, the other one high. None is longer than
0.6 s. They come from the centre, in tones shorter or longer than a metric's.
"""

import math
from dataclasses import dataclass

from keras_sonify.score.note import Kind, Note, Timbre
from keras_sonify.score.style import Style
from keras_sonify.training.events import EventKind

_ROUGH = 1.07  # a semitone and a bit: beats of 30 to 50 Hz are at their roughest
_SHORT = 0.06
# D7: above all tones of a run, below its marks and ticks. See `texture.grain_after`.
_GRAIN_HZ = 2349.3
GRAIN = 0.04  # seconds that a spike lasts
_TEST_HZ = (440.0, 660.0)


@dataclass(frozen=True, slots=True)
class _Figure:
    """An earcon: tones as pitch in Hz, start and duration in seconds."""

    tones: tuple[tuple[float, float, float], ...]
    gain_db: float = 0.0
    is_rough: bool = False
    timbre: Timbre = "pure"


def _even(pitches_hz: tuple[float, ...], every: float, last: float) -> _Figure:
    """Return short tones at an even pace, the last of its own length."""
    lengths = [_SHORT] * (len(pitches_hz) - 1) + [last]
    return _Figure(
        tuple(
            (pitch_hz, place * every, length)
            for place, (pitch_hz, length) in enumerate(
                zip(pitches_hz, lengths, strict=True),
            )
        ),
    )


_NOISE = _Figure(
    ((0.0, 0.0, 0.1), (0.0, 0.15, 0.1), (0.0, 0.3, 0.1)),
    timbre="noise",
)

# C4 261.6, A4 440, C5 523.3, E5 659.3, G5 784, A5 880, C6 1046.5, G6 1568 Hz
_FIGURES: dict[EventKind, _Figure] = {
    "best": _Figure(((1046.5, 0.0, _SHORT), (1568.0, 0.08, _SHORT)), gain_db=-6.0),
    "finished": _even((523.3, 659.3, 784.0, 1046.5), 0.1, 0.3),
    "stopped_early": _even((523.3, 784.0, 523.3), 0.12, 0.3),
    "learning_rate": _even((784.0, 784.0), 0.16, _SHORT),
    "plateau": _even((523.3, 523.3, 523.3), 0.24, _SHORT),
    "spike": _Figure(((_GRAIN_HZ, 0.0, GRAIN),)),
    "stuck": _even((261.6, 261.6, 261.6, 261.6, 261.6), 0.1, _SHORT),
    "oscillation": _even((784.0, 523.3, 784.0, 523.3, 784.0), 0.09, _SHORT),
    "overfitting": _even((880.0, 659.3, 440.0), 0.12, 0.3),
    "divergence": _Figure(
        ((784.0, 0.0, 0.22), (523.3, 0.26, 0.3)),
        is_rough=True,
    ),
    "nan_loss": _NOISE,
    "nan_metric": _Figure(((0.0, 0.0, _SHORT),), gain_db=-6.0, timbre="noise"),
    "crashed": _Figure(
        (
            (1046.5, 0.0, _SHORT),
            (784.0, 0.08, _SHORT),
            (659.3, 0.16, _SHORT),
            (440.0, 0.24, 0.3),
        ),
        is_rough=True,
    ),
    "interrupted": _even((784.0, 440.0), 0.1, 0.3),
    "stalled": _Figure(((261.6, 0.0, 0.2), (261.6, 0.4, 0.2))),
}


def earcon(
    kind: EventKind,
    style: Style,
    *,
    start: float = 0.0,
    epoch: int | None = None,
    step: int | None = None,
    text: str = "",
) -> tuple[Note, ...]:
    """Return the notes that tell of an event.

    Args:
        kind: What happened.
        style: How loud it is.
        start: When it begins, in seconds. Defaults to `0.0`.
        epoch: Zero-based epoch in which it happened. Defaults to `None`.
        step: How many steps had been done by then. Defaults to `None`.
        text: What happened in words; goes with the first note. Defaults to `""`.
    """
    figure = _FIGURES[kind]
    notes: list[Note] = []
    for pitch_hz, onset, duration in figure.tones:
        voices = (pitch_hz, pitch_hz * _ROUGH) if figure.is_rough else (pitch_hz,)
        notes += [
            _note(
                style,
                voice_hz,
                start + onset,
                duration,
                kind,
                # Two voices have the power of one.
                gain_db=figure.gain_db - 3.0 * (len(voices) - 1),
                timbre=figure.timbre,
                epoch=epoch,
                step=step,
                text="" if notes or place else text,
            )
            for place, voice_hz in enumerate(voices)
        ]
    return tuple(notes)


def left_and_right(style: Style) -> tuple[Note, ...]:
    """Return two tones, one on the left and one on the right, to test a device."""
    return tuple(
        _note(style, pitch_hz, 0.6 * place, 0.5, "test", pan=side)
        for place, (pitch_hz, side) in enumerate(
            zip(_TEST_HZ, (-1.0, 1.0), strict=True)
        )
    )


def _note(
    style: Style,
    pitch_hz: float,
    start: float,
    duration: float,
    kind: Kind,
    *,
    gain_db: float = 0.0,
    pan: float = 0.0,
    timbre: Timbre = "pure",
    epoch: int | None = None,
    step: int | None = None,
    text: str = "",
) -> Note:
    if timbre == "noise":
        pitch_hz, gain_db = math.nan, gain_db + style.noise_gain_db
    return Note(
        start=start,
        duration=duration,
        frequency_hz=pitch_hz,
        amplitude=style.amplitude_at(pitch_hz, gain_db, timbre),
        kind=kind,
        timbre=timbre,
        pan=pan,
        epoch=epoch,
        step=step,
        text=text,
    )
