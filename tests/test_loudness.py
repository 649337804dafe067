"""Equal loudness, against the values that the standard prints."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_sonify.score.loudness import equal_loudness_db

_TOLERANCE_DB = 0.1


@pytest.mark.parametrize(
    ("pitch_hz", "level_db"),
    [
        (125.0, 75.56),
        (200.0, 69.86),
        (500.0, 62.05),
        (1000.0, 60.01),
        (2000.0, 59.96),
        (4000.0, 57.57),
        (8000.0, 71.66),
    ],
)
def test_gains_are_those_of_iso_226(pitch_hz: float, level_db: float) -> None:
    """A tone at the gain has the level of the 60 phon contour of ISO 226:2003."""
    assert 60.0 + equal_loudness_db(pitch_hz) == pytest.approx(
        level_db,
        abs=_TOLERANCE_DB,
    )


def test_between_two_thirds_of_an_octave_it_is_interpolated() -> None:
    """Halfway in pitch between two rows of the table the gain is halfway too."""
    middle_hz = (400.0 * 500.0) ** 0.5
    halfway = (equal_loudness_db(400.0) + equal_loudness_db(500.0)) / 2

    assert equal_loudness_db(middle_hz) == pytest.approx(halfway, abs=1e-9)


@pytest.mark.parametrize(
    ("outside_hz", "end_hz"),
    [(20.0, 50.0), (1.0, 50.0), (12_500.0, 8000.0), (170_000.0, 8000.0)],
)
def test_outside_the_table_its_ends_hold(outside_hz: float, end_hz: float) -> None:
    """Beyond 50 and 8000 Hz nothing is extrapolated."""
    assert equal_loudness_db(outside_hz) == equal_loudness_db(end_hz)


@given(pitch_hz=st.floats(220.0, 1760.0), ratio=st.floats(1.0, 1.01))
@settings(deadline=None)
def test_neighbouring_pitches_have_neighbouring_levels(
    pitch_hz: float,
    ratio: float,
) -> None:
    """Within the pitches of a run 17 cents never change the level by 0.2 dB."""
    step_db = equal_loudness_db(pitch_hz * ratio) - equal_loudness_db(pitch_hz)

    assert abs(step_db) < 0.2
