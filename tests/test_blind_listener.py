"""The blind listener itself, on sounds and contours that the package did not make."""

import math
from pathlib import Path

import listen
import live
import numpy as np
import pytest
from blind_listener import (
    ALL_CENTS,
    LOWEST_HZ,
    Pitch,
    decode_summary,
    find_onsets,
    pitches_of,
)
from ear import Sound
from foreign import longest_run
from verdict_ear import OF_ALL, OF_ONE, Verdict, judge

RATE = 44_100
NAN = math.nan


def _tone(cents: float, seconds: float) -> Sound:
    """Return a tone of amplitude 0.1 with raised-cosine fades of 10 ms."""
    count = round(seconds * RATE)
    fade = np.minimum(1.0, np.minimum(np.arange(count), np.arange(count)[::-1]) / 441)
    phase = 2 * np.pi * LOWEST_HZ * 2 ** (cents / 1200) * np.arange(count) / RATE
    tone: Sound = 0.1 * np.cos(phase) * (0.5 - 0.5 * np.cos(np.pi * fade))
    return tone


def _alternate(train: list[float], validation: list[float], share: float) -> Sound:
    """Return a summary of two voices, in cells of `share` seconds."""
    cells = []
    for cents in (
        value for pair in zip(train, validation, strict=True) for value in pair
    ):
        tone = _tone(cents, min(share, 0.15))
        cells.append(np.pad(tone, (0, round(share * RATE) - len(tone))))
    return np.concatenate(cells)


def _falling(first: float, last: float, epochs: int = 30) -> list[Pitch]:
    return list(np.linspace(first, last, epochs).tolist())


@pytest.mark.parametrize("seconds", [0.04, 0.08, 0.15])
def test_pitches_are_told_to_a_twentieth_of_a_cent(seconds: float) -> None:
    """The listener is far more exact than the bars of what it measures."""
    cents = np.linspace(0.0, ALL_CENTS, 200)

    heard = pitches_of(np.stack([_tone(value, seconds) for value in cents]), RATE)

    assert heard == pytest.approx(cents, abs=0.05)


@pytest.mark.parametrize("epochs", [1, 2, 5, 11, 20, 37, 38, 60, 87])
def test_the_slots_of_a_summary_are_found(epochs: int) -> None:
    """From one epoch to 87 the number of slots follows from the sound alone."""
    chance = np.random.default_rng(epochs)
    train, validation = chance.uniform(0.0, ALL_CENTS, (2, epochs)).tolist()
    share = min(max(0.08 * epochs, 3.0), 7.0) / epochs / 2

    heard = decode_summary(_alternate(train, validation, share), RATE)

    assert heard.train == pytest.approx(train, abs=0.1)
    assert heard.validation == pytest.approx(validation, abs=0.1)
    assert heard.ticks == []


def test_voices_that_sound_at_once_are_not_told_apart() -> None:
    """A design that only pans would fail here: in mono one voice hides the other."""
    chance = np.random.default_rng(1)
    train, validation = chance.uniform(0.0, ALL_CENTS, (2, 40)).tolist()
    at_once = _alternate(train, train, 0.04) + _alternate(validation, validation, 0.04)

    heard = decode_summary(at_once, RATE)

    wrong = np.abs(np.array(heard.train, float) - train) > 10.0
    assert wrong.mean() > 0.3


def test_an_onset_out_of_place_is_found() -> None:
    """Tones that begin 5 ms late are heard to."""
    late = np.concatenate([_tone(500.0, 0.155), _tone(900.0, 0.145)])

    (onset,) = find_onsets(late, RATE)

    assert onset == pytest.approx(0.155, abs=1e-3)


@pytest.mark.parametrize(
    ("train", "validation", "verdict"),
    [
        (_falling(3600, 100), _falling(3500, 900), Verdict(kind="converging")),
        (
            _falling(3600, 100),
            [*_falling(3000, 2000, 12), *_falling(2010, 2200, 18)],
            Verdict(kind="overfitting", epoch=12),
        ),
        (
            _falling(3600, 100),
            [*_falling(3000, 2000, 28), 2400.0, 2400.0],
            Verdict(kind="converging"),  # two epochs are no trend
        ),
        (_falling(2000, 3600), _falling(2000, 3600), Verdict(kind="diverged")),
        (_falling(3600, 3590), _falling(3500, 3500), Verdict(kind="stuck")),
        (
            [*_falling(2000, 1000, 10), *[NAN] * 20],
            [*_falling(2000, 900, 9), *[NAN] * 21],
            Verdict(kind="nan", epoch=10),
        ),
        (_falling(3600, 100), [None] * 30, Verdict(kind="converging")),
    ],
)
def test_contours_are_judged(
    train: list[Pitch],
    validation: list[Pitch],
    verdict: Verdict,
) -> None:
    """The verdict follows from the two contours."""
    heard = judge(train, validation)

    assert heard == verdict


def test_alone_the_same_per_cents_are_more_cents() -> None:
    """A rise that is 5 % and more where both sides share a range may be 2 % alone."""
    train, validation = (
        _falling(2800, 100),
        [*_falling(2000, 1000), *_falling(1000, 1060)],
    )

    shared, alone = (judge([*train, *train], validation, k) for k in (OF_ALL, OF_ONE))

    assert (shared.kind, alone.kind) == ("overfitting", "converging")


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("epoch;loss\n0;2\n1;1\n", [{"loss": 2.0}, {"loss": 1.0}]),
        ("epoch\tloss\n0\t2\n0\t1\n", [{"loss": 2.0}]),
        ("epoch,loss\n0,3\nepoch,loss\n0,2\n1,1\n", [{"loss": 2.0}, {"loss": 1.0}]),
        ("loss,val_loss\nnan,NA\n1,\n", [{"loss": NAN}, {"loss": 1.0}]),
        (
            "Epoch,Train Loss,Validation Loss\n1,2,3\n",
            [{"loss": 2.0, "val_loss": 3.0}],
        ),
        (
            "loss\n<<<<<<< HEAD\n3\n2\n=======\n4\n>>>>>>> 6.16\n",
            [{"loss": 3.0}, {"loss": 2.0}],
        ),
    ],
)
def test_foreign_logs_are_read(
    tmp_path: Path,
    text: str,
    run: list[dict[str, float]],
) -> None:
    """Any separator, absent cells, restarts, other people's names, and git's marks."""
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")

    found = longest_run(path)

    assert [values.keys() for values in found] == [values.keys() for values in run]
    for values, expected in zip(found, run, strict=True):
        assert values == pytest.approx(expected, nan_ok=True)


def test_the_table_tells_what_was_heard(capsys: pytest.CaptureFixture[str]) -> None:
    """Each log has a line with its verdict, and no mark if no bar is missed."""
    falling = [{"loss": 0.9**k, "val_loss": 0.9 ** min(k, 8)} for k in range(20)]
    deep = [{"loss": 1e-9 if k else 1.0} for k in range(2)]
    slow = [*deep, *({"loss": 1e-9 * 0.96**k} for k in range(1, 9))]

    is_missed = listen.table("Logs", {"falling": falling, "slow": slow})

    lines = capsys.readouterr().out.splitlines()
    assert not is_missed
    assert ["converging" in line for line in lines[3:5]] == [True, True]
    assert [line.endswith("<") for line in lines[3:5]] == [False, False]


def test_a_missed_bar_is_seen() -> None:
    """An improvement by a tenth that sounds as a semitone up counts as not heard."""
    shown = live.Shown()
    shown.count(-0.1, 100.0)

    assert shown.better == [0, 1]
    assert listen._is_missed(shown)
