"""Short figures that tell what has no pitch of its own."""

from keras_sonify.loudness import equal_loudness_db
from keras_sonify.score import Kind, Note
from keras_sonify.style import Style

# C5, E5, G5, C6: rises, as good news does, and no metric plays four tones at that
# pace. (pitch in Hz, start and duration in seconds)
_FINISHED = (
    (523.25, 0.0, 0.09),
    (659.26, 0.1, 0.09),
    (783.99, 0.2, 0.09),
    (1046.5, 0.3, 0.3),
)
_TEST_HZ = (440.0, 660.0)


def finished(style: Style) -> tuple[Note, ...]:
    """Return the figure that ends a training: four tones that rise, 0.6 s."""
    return tuple(
        _note(style, pitch_hz, start, duration, "finished")
        for pitch_hz, start, duration in _FINISHED
    )


def test_tones(style: Style) -> tuple[Note, ...]:
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
    pan: float = 0.0,
) -> Note:
    gain_db = equal_loudness_db(pitch_hz) if style.equal_loudness else 0.0
    return Note(
        start=start,
        duration=duration,
        frequency_hz=pitch_hz,
        amplitude=style.amplitude * 10.0 ** (gain_db / 20.0),
        kind=kind,
        pan=pan,
    )
