"""The model of a typical listener, and what it is told of the sound."""

import numpy as np
import pytest
from cues import play_one
from ear import cents
from tone_pairs import Change, as_arrays, change_of, pairs_of
from typical_listener import (
    OFFICE,
    QUIET,
    STEEP_LAPTOP,
    STEEP_PHONE,
    TYPICAL,
    Pairs,
    Place,
    chances,
    office_density_db,
)

_HZ = np.arange(100.0, 8000.0)


def _pairs(
    *steps_cents: float,
    pitch_hz: float = 440.0,
    level_db: float = 0.0,
    partials_db: tuple[tuple[float, ...], tuple[float, ...]] = ((0.0,), (0.0,)),
    seconds: tuple[float, float] = (0.08, 0.15),
) -> Pairs:
    """Return pairs of tones that differ in nothing but their step."""
    count = len(steps_cents)
    durations = np.array([seconds] * count)
    energies_db = level_db + np.array([partials_db] * count)
    return Pairs(
        pitches_hz=np.full((count, 2), pitch_hz),
        energies_db=energies_db + 10 * np.log10(durations)[..., None],
        seconds=durations,
        steps_cents=np.array(steps_cents),
    )


def _chance(pairs: Pairs, place: Place) -> float:
    heard, _ = chances(pairs, place, TYPICAL)
    return float(heard.mean())


def test_the_office_has_45_db_a() -> None:
    """The noise of the office is as loud as it is said to be: 45 dB(A)."""
    squares = _HZ**2
    weight = (  # IEC 61672
        12194**2
        * squares**2
        / (squares + 20.6**2)
        / np.sqrt((squares + 107.7**2) * (squares + 737.9**2))
        / (squares + 12194**2)
    )
    weights_db = 20 * np.log10(weight) + 2.0

    total = np.sum(10 ** ((office_density_db(_HZ) + weights_db) / 10))

    assert 10 * np.log10(total) == pytest.approx(45.0, abs=0.5)


def test_in_quiet_a_tone_is_as_far_up_as_iso_226_says() -> None:
    """A 1 kHz tone of 55 dB SPL is 52.6 dB above the threshold of hearing."""
    energy_db = 10 * np.log10(np.array([0.2]))

    above = QUIET.sensation_db(np.array([1000.0]), energy_db)

    assert above == pytest.approx(52.6, abs=0.01)


def test_small_loudspeakers_lose_low_tones() -> None:
    """A pure tone of 262 Hz is lost on a steep phone, not on a flat loudspeaker."""
    pairs = _pairs(200.0, pitch_hz=262.0)

    assert _chance(pairs, STEEP_PHONE) == 0.0
    assert _chance(pairs, OFFICE) > 0.9


def test_a_partial_is_heard_for_its_tone() -> None:
    """Where the fundamental is lost, a partial does, if both tones have it."""
    rich, pure = (0.0, -8.0, -12.0), (0.0, -np.inf, -np.inf)

    both = _pairs(200.0, pitch_hz=262.0, partials_db=(rich, rich))
    one = _pairs(200.0, pitch_hz=262.0, partials_db=(pure, rich))

    assert _chance(both, STEEP_PHONE) > 0.8
    assert _chance(one, STEEP_PHONE) == 0.0


def test_a_step_at_the_criterion_is_heard_half_of_the_time() -> None:
    """Where a tone is well heard, 30 cents are even, more is likelier, less not."""
    chance, audible = chances(_pairs(30.0, 39.0, 60.0, 0.0, -60.0), QUIET, TYPICAL)

    assert audible.all()
    assert chance[0] == pytest.approx(0.5)
    assert chance[1] == pytest.approx(0.62, abs=0.04)
    assert chance[2] > 0.8
    assert chance[3] < 0.2
    assert chance[4] < 0.01


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (_pairs(60.0), _pairs(60.0, level_db=-12.0)),
        (_pairs(60.0, pitch_hz=880.0), _pairs(60.0, pitch_hz=330.0)),
        (_pairs(60.0), _pairs(60.0, seconds=(0.04, 0.04))),
    ],
    ids=["louder", "higher", "longer"],
)
def test_a_step_is_heard_the_better_the_clearer_its_tones(
    better: Pairs, worse: Pairs
) -> None:
    """Louder, higher or longer tones make the same interval surer."""
    assert _chance(better, STEEP_LAPTOP) > _chance(worse, STEEP_LAPTOP) + 0.02


@pytest.mark.parametrize(
    ("name", "values", "change"),
    [
        ("loss", (1.0, 0.97), "better"),
        ("loss", (1.0, 0.98), None),
        ("loss", (1.0, 1.05), "worse"),
        ("loss", (1.0, 1.04), None),
        ("loss", (1.0, float("nan")), None),
        ("loss", (-1.0, -1.04), "better"),
        ("accuracy", (0.5, 0.511), "better"),
        ("accuracy", (0.5, 0.505), None),
        ("accuracy", (0.5, 0.479), "worse"),
        ("accuracy", (50.0, 51.0), None),
    ],
)
def test_only_what_is_clear_is_a_change(
    name: str, values: tuple[float, float], change: Change | None
) -> None:
    """A new best counts from 3 % or a point on, a worse value from 5 % or two."""
    *_, cue = play_one(name, *values)

    assert change_of(cue.readings[0]) == change


@pytest.mark.parametrize(("name", "second"), [("loss", 0.5), ("accuracy", 0.9)])
def test_the_sound_tells_pitches_and_steps(name: str, second: float) -> None:
    """Pitches, level and direction are those of the notes, found in the sound alone."""
    values = 0.7, second
    *_, cue = play_one(name, *values)
    reference, tone = cue.notes

    (pair,) = pairs_of([{name: value} for value in values], None)

    assert pair.change == "better"
    meant = abs(cents(tone.frequency_hz, reference.frequency_hz))
    assert pair.step_cents == pytest.approx(meant, abs=0.1)
    assert pair.seconds == pytest.approx((reference.duration, tone.duration), abs=1e-4)
    first_db, second_db = (energies[0] for energies in pair.energies_db)
    longer_db = 10 * np.log10(0.1375 / 0.0675)  # without their fades
    louder_db = tone.gain_db - reference.gain_db
    assert second_db - first_db == pytest.approx(louder_db + longer_db, abs=0.1)


def test_a_worse_value_heard_as_worse_is_a_step_up() -> None:
    """The step is positive where the interval goes the way that the value went."""
    runs: list[list[dict[str, float]]] = [
        [{"loss": 0.5}, {"loss": 0.7}],
        [{"accuracy": 0.9}, {"accuracy": 0.7}],
    ]
    pairs = as_arrays([pair for run in runs for pair in pairs_of(run, None)])

    assert (pairs.steps_cents > 100.0).all()
