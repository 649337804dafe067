"""What a cue plays: reference and tone, in which order, place and level."""

import itertools
import math

import pytest
from cues import play, play_one

from keras_sonify.score.composer import Composer
from keras_sonify.score.cue import Cue
from keras_sonify.score.loudness import equal_loudness_db
from keras_sonify.score.partials import tone_db
from keras_sonify.score.pitch import frequency_hz, interval_cents
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.metrics import Metric

_LOSS = Metric.named("loss")


def _cents(cue: Cue) -> float:
    """From the reference of a cue of one metric to its tone."""
    reference, tone = cue.notes
    assert (reference.kind, tone.kind) == ("reference", "tone")
    return interval_cents(reference.frequency_hz, tone.frequency_hz)


def test_a_first_epoch_has_no_reference() -> None:
    """Before anything was best there is nothing to compare with."""
    (cue,) = play({"loss": 1.0, "val_loss": 2.0, "accuracy": 0.1})

    assert [note.kind for note in cue.notes] == ["tone"] * 3
    assert [reading.best for reading in cue.readings] == [None] * 3


@pytest.mark.parametrize(
    ("name", "values", "references"),
    [
        ("loss", [4.0, 2.0, 3.0, 1.0, 1.0], [4.0, 2.0, 2.0, 1.0]),
        ("accuracy", [0.1, 0.4, 0.2, 0.9, 0.9], [0.1, 0.4, 0.4, 0.9]),
    ],
)
def test_the_reference_is_the_best_before_this_epoch(
    name: str,
    values: list[float],
    references: list[float],
) -> None:
    """A new best is heard against the one that it beats, not against itself."""
    cues = play_one(name, *values)

    assert [cue.notes[0].value for cue in cues[1:]] == references
    assert [cue.notes[-1].value for cue in cues] == values


def test_reference_and_tone_are_on_one_scale() -> None:
    """Both are pitched on the range that already holds this epoch's value."""
    composer = Composer(CLEAR)
    values = (1.0, 0.5, 30.0, 0.01, -4.0)

    for epoch, value in enumerate(values):
        cue = composer.cue(epoch, {"loss": value}, [_LOSS])
        span = composer.span(_LOSS)
        assert span is not None
        for note in cue.notes:
            expected = frequency_hz(note.value, span, low_hz=330.0, high_hz=1760.0)
            assert note.frequency_hz == expected


@pytest.mark.parametrize(
    ("name", "values", "sign"),
    [
        pytest.param("loss", (1.0, 0.9), -1, id="loss, new best"),
        pytest.param("loss", (1.0, 1.1), 1, id="loss, worse"),
        pytest.param("loss", (1.0, 1.0), 0, id="loss, level"),
        pytest.param("accuracy", (0.5, 0.6), 1, id="accuracy, new best"),
        pytest.param("accuracy", (0.5, 0.4), -1, id="accuracy, worse"),
        pytest.param("accuracy", (0.5, 0.5), 0, id="accuracy, level"),
    ],
)
def test_the_interval_is_the_news(
    name: str,
    values: tuple[float, float],
    sign: int,
) -> None:
    """A move of a tenth is a clear interval (35 cents) its way; none is level."""
    cents = _cents(play_one(name, *values)[1])

    assert abs(cents) > 35.0 if sign else cents == 0.0
    assert math.copysign(1, cents) == sign or sign == 0


def test_each_step_of_a_falling_loss_is_heard() -> None:
    """However long a loss falls by a tenth, each new best is a falling interval."""
    cues = play_one("loss", *(0.9**k for k in range(60)))

    assert all(_cents(cue) < -35.0 for cue in cues[1:])


def test_the_noise_of_a_plateau_is_no_drama() -> None:
    """One per cent above the best stays within 20 cents of it."""
    cues = play_one("loss", 1.0, 1.01, 1.0, 1.01)

    assert all(abs(_cents(cue)) < 20.0 for cue in cues[1:])


def test_a_metric_of_unknown_direction_has_no_reference() -> None:
    """Where better is not known, there is no best."""
    cues = play_one("grad_norm", 1.0, 2.0, 0.5)

    assert [len(cue.notes) for cue in cues] == [1, 1, 1]
    assert not any(cue.readings[0].is_best for cue in cues)


def test_notes_follow_one_another() -> None:
    """Reference before tone, metric after metric, each after the end of the last."""
    first = {"loss": 1.0, "val_loss": 1.5, "accuracy": 0.5}

    notes = play(first, first)[1].notes

    assert [(note.metric, note.kind) for note in notes] == [
        (name, kind) for name in first for kind in ("reference", "tone")
    ]
    assert notes[0].start == 0.0
    gaps = [after.start - before.end for before, after in itertools.pairwise(notes)]
    assert gaps == pytest.approx([0.02, 0.12] * 2 + [0.02], abs=1e-9)


def test_sides_differ_in_place_and_timbre() -> None:
    """Training is left, validation right and with odd partials besides."""
    epoch = {"loss": 1.0, "val_loss": 1.5}

    notes = play(epoch, epoch)[1].notes

    assert [note.pan for note in notes] == [-0.6, -0.6, 0.6, 0.6]
    assert [note.timbre for note in notes] == ["full", "full", "odd", "odd"]


def test_a_reference_is_shorter_and_2_db_softer() -> None:
    """On a level epoch both have one pitch, so that only length and level differ."""
    reference, tone = play_one("loss", 1.0, 1.0)[1].notes

    assert (reference.duration, tone.duration) == (0.08, 0.15)
    assert tone.gain_db - reference.gain_db == pytest.approx(2.0, abs=1e-9)


def test_levels_follow_equal_loudness() -> None:
    """A tone's level is that of 1 kHz plus what its pitch and partials need."""
    cues = play_one("loss", 1.0, 0.4, 0.07)

    at_1_khz_db = 20 * math.log10(CLEAR.amplitude)
    for tone in (cue.notes[-1] for cue in cues):
        expected_db = (
            at_1_khz_db
            + equal_loudness_db(tone.frequency_hz)
            + tone_db("full", tone.frequency_hz)
        )
        assert tone.gain_db == pytest.approx(expected_db, abs=1e-9)


@pytest.mark.parametrize(
    ("share", "cents"),
    [(0.97, -1298 * 0.03), (1.03, 1298 * 0.03), (0.95, -60.0), (1.05, 60.0)],
)
def test_small_changes_stay_audible_on_a_wide_scale(share: float, cents: float) -> None:
    """On a wide scale the reference steps back: 3 % are 39 cents, at most 60."""
    cue = play_one("loss", 1.0, 1e-3, share * 1e-3)[2]

    assert _cents(cue) == pytest.approx(cents, abs=0.1)


def test_a_large_change_needs_no_step_back() -> None:
    """What is further away than 60 cents is heard where it is."""
    reference, tone = play_one("loss", 1.0, 1e-3, 1.5e-3)[2].notes

    level = play_one("loss", 1.0, 1e-3, 1e-3)[2].notes[0]
    assert reference.frequency_hz == level.frequency_hz
    assert interval_cents(reference.frequency_hz, tone.frequency_hz) > 60.0


def test_after_a_best_of_zero_a_change_is_as_clear_as_can_be() -> None:
    """Nothing is a share of zero: the reference steps back by all it may."""
    assert _cents(play_one("loss", 1.0, 0.0, 1e-5)[2]) == pytest.approx(60.0)


@pytest.mark.parametrize(("cents", "is_quiet"), [(30.0, True), (40.0, False)])
def test_a_third_of_a_semitone_is_news(cents: float, *, is_quiet: bool) -> None:
    """Smaller steps from the epoch before are none to untrained ears: 35 cents."""
    moved = 16.0 ** (-cents / interval_cents(330.0, 1760.0))

    assert play_one("loss", 1.0, moved)[1].is_quiet is is_quiet


def test_a_number_after_noise_is_news() -> None:
    """Also if it is the one from before the noise."""
    cues = play_one("loss", 1.0, math.nan, 1.0, 1.0)

    assert [cue.is_quiet for cue in cues] == [False, False, False, True]


def test_a_fifth_partial_that_does_not_fit_is_left_out() -> None:
    """Beyond half the sample rate it would come back as a wrong tone."""
    style = Style(sample_rate=22_050, high_hz=3000.0)

    high, low = (cue.notes[-1] for cue in play_one("val_loss", 1.0, 0.1, style=style))

    assert (high.frequency_hz, high.timbre) == (3000.0, "full")
    assert low.timbre == "odd"
