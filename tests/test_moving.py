"""Alone, a metric moves on its own range; beside its twin it keeps the family's."""

import base64
import io
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
import pytest
import soundfile
from blind_listener import decode_metric, pitches_of
from foreign import longest_run
from moving import Moved, heard_of, listen_to, own_file
from page_run import page_of, snapshot_of
from verdict_ear import OF_ONE

from keras_sonify.page.tracks import Track, tracks
from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.pitch import interval_cents
from keras_sonify.score.style import CLEAR

_LOGS = Path(__file__).parent / "trainings"
_NOTICED, _SEMITONE = 35.0, 100.0  # cents
_ALL = interval_cents(CLEAR.low_hz, CLEAR.high_hz)


@cache
def _moved(kind: str) -> dict[str, Moved]:
    """Return how `val_loss.wav` moves in the project's trainings of a kind."""
    return {
        path.stem: listen_to(longest_run(path), "val_loss")
        for path in sorted(_LOGS.glob(f"{kind}_*.csv"))
    }


def test_overfitting_is_heard_to_rise() -> None:
    """From its best to the end `val_loss.wav` rises by 1000 cents in the median."""
    rises = [moved.rise for moved in _moved("overfitting").values()]

    assert len(rises) >= 10
    assert median(rises) >= 1000.0
    assert min(rises) >= 5 * _SEMITONE


@pytest.mark.parametrize("kind", ["plateau", "stuck"])
def test_what_stands_still_stays_calm(kind: str) -> None:
    """No late step is large enough to notice, and no run ends a semitone up."""
    runs = _moved(kind).values()

    assert len(runs) >= 5
    assert max(max(moved.late) for moved in runs) < _NOTICED
    assert max(moved.rise for moved in runs) < _SEMITONE


# What a factor of two is, alone and beside a twin that falls by a hundred.
_OWN, _SHARED = (_ALL * math.log(2) / math.log(factor) for factor in (OF_ONE, 100.0))


def _parted(epochs: int) -> list[dict[str, float]]:
    """Return a run whose loss falls by a factor of 100, its twin by 2 and half back."""
    at = [k / (epochs - 1) for k in range(epochs)]
    return [{"loss": 100.0**-x, "val_loss": 0.5 + 0.5 * abs(1.0 - 1.5 * x)} for x in at]


def _span(values: Sequence[float]) -> float:
    return max(values) - min(values)


def test_an_own_file_knows_nothing_of_the_twin() -> None:
    """It sounds as if the other metric had not been; cues and summary do not."""
    both = heard_of(_parted(40))
    alone = heard_of([{"val_loss": e["val_loss"]} for e in _parted(40)])

    assert np.array_equal(own_file(both, "val_loss"), own_file(alone, "val_loss"))
    assert both.spans["loss"] == both.spans["val_loss"] != both.own_spans["val_loss"]
    heard = decode_metric(own_file(both, "val_loss"), CLEAR.sample_rate)
    pitches = [cents for cents in heard if cents is not None]
    shared = [n.frequency_hz for n in both.summary if n.metric == "val_loss"]
    assert _span(pitches) == pytest.approx(_OWN, abs=10.0)
    assert interval_cents(min(shared), max(shared)) == pytest.approx(_SHARED, abs=10.0)


def _pitches(track: Track, tones: int) -> list[float]:
    """Return what is heard in each of the equal tones of a track; 0 for silence."""
    frames, rate = soundfile.read(io.BytesIO(base64.b64decode(track.sound)))
    (part,) = track.parts
    length = round(part[1] * rate) // tones
    cells = frames[: length * tones].reshape(tones, length)
    return [float(cents or 0.0) for cents in pitches_of(cells, rate)]


@pytest.mark.parametrize(("epochs", "slots"), [(40, 40), (300, 86)])
def test_so_does_a_track_of_the_page(epochs: int, slots: int) -> None:
    """In full or as a summary of a long run; one side of the whole run does not."""
    found = {track.label: track for track in tracks(heard_of(_parted(epochs)))}

    alone = _pitches(found["val_loss"], slots)
    side = _pitches(found["Validation only"], 2 * slots)[1::2]

    assert _span(alone) == pytest.approx(_OWN, abs=30.0)
    assert _span(side) == pytest.approx(_SHARED, abs=30.0)


def test_the_page_says_so() -> None:
    """Where a metric alone is not on the range of its curve, and only there."""
    words = "A metric alone is heard on its own range"
    run = snapshot_of({"loss": [1.0, 0.1], "val_loss": [1.0, 0.6]})

    assert words in page_of(run)
    assert words not in page_of(run, style=CLASSIC)


def test_classic_has_one_range_for_all() -> None:
    """In a style whose metrics have their own ranges anyway, nothing differs."""
    run = snapshot_of({"loss": [1.0, 0.1, 0.2], "val_loss": [1.0, 0.6, 0.8]})

    heard = replay(run, Hearing(style=CLASSIC))

    assert heard.own_spans == heard.spans
