"""The epochs that a page lets be heard one by one: which, how many, how they sound."""

import base64
import io
import itertools
import math
from dataclasses import replace

import pytest
import soundfile
from ear import Sound, cents, listen
from page_run import Columns, gaps, overfitting, snapshot_of, until_epoch

from keras_sonify.page.cues import KeptCue, KeptCues, page_rate
from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.cue import Cue
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.record import Snapshot


def _keep(
    snapshot: Snapshot, kept: KeptCues | None = None
) -> tuple[list[KeptCue], list[Cue]]:
    """Return the kept cues of a run, and all that it has."""
    kept, heard = kept or KeptCues(CLEAR), replay(snapshot, Hearing())
    kept.begin(heard)
    cues = []
    for index, (point, cue) in enumerate(heard.cues()):
        cues.append(cue)
        kept.offer(index, point, cue)
    return list(kept.all.values()), cues


def _sound(cue: KeptCue) -> tuple[Sound, int]:
    frames, rate = soundfile.read(io.BytesIO(base64.b64decode(cue.sound)))
    return frames, rate


@pytest.mark.parametrize("epochs", [1, 2, 100, 101, 770])
def test_what_matters_is_kept(epochs: int) -> None:
    """First, last, each metric's best, events, and between them evenly spaced ones."""
    losses = [1.0 + abs(k - 0.39 * epochs) / epochs for k in range(epochs)]
    accuracies = [1.0 - abs(k - 0.61 * epochs) / epochs for k in range(epochs)]
    happened = [(place, "happened") for place in range(1, epochs, 97)]
    snapshot = snapshot_of({"val_loss": losses, "accuracy": accuracies}, happened)

    kept, _ = _keep(snapshot)

    places = [cue.place for cue in kept]
    best = {losses.index(min(losses)), accuracies.index(max(accuracies))}
    assert {0, epochs - 1, *best, *(place for place, _ in happened)} <= set(places)
    assert places == sorted(set(places))
    assert max(gaps(places), default=1) <= max(1, 2 * epochs / 100)
    assert len(places) == epochs or len(places) <= 100 + 1 + len(happened) + 2


def test_of_many_events_the_latest_are_kept() -> None:
    """A run in which something happens all the time does not make the page large."""
    run = {"loss": overfitting(2_000)["loss"]}
    happened = [(place, "happened") for place in range(1, 2_000, 2)]

    places = [cue.place for cue in _keep(snapshot_of(run, happened))[0]]

    # Two epochs share a point, whose place is the first one's.
    assert {place - 1 for place in range(1941, 2_000, 2)} <= set(places)
    assert len(places) <= 100 + 1 + 30 + 1


def test_an_infinite_value_is_no_best() -> None:
    """A metric's best epoch is the one that is told: that of its best finite value."""
    losses = [1.0 + 0.001 * (k % 5) for k in range(301)]
    losses[37], losses[41] = -math.inf, 0.5

    places = [cue.place for cue in _keep(snapshot_of({"loss": losses}))[0]]

    assert 41 in places
    assert 37 not in places


@pytest.mark.parametrize("metrics", [1, 4, 20])
def test_many_metrics_mean_fewer_epochs(metrics: int) -> None:
    """However many metrics, their tones last 100 s at most, and little more."""
    run = {
        f"part_{k}_loss": [2.0 + k + 0.9**epoch for epoch in range(130)]
        for k in range(metrics)
    }

    kept, cues = _keep(snapshot_of(run))

    longest = sum(note.duration for note in cues[-1].notes)
    windows = [window for cue in kept for window in cue.windows.values()]
    assert sum(end - start for start, end in windows) < 100.0 + 2 * longest
    assert len(kept) > 10


def test_a_cue_sounds_as_it_did_live() -> None:
    """Each metric's tones lie in its window, as high as its notes, and nothing else."""
    kept, cues = _keep(snapshot_of(overfitting(6), [(4, "happened")]))

    for each, cue in zip(kept, cues, strict=True):
        frames, rate = _sound(each)
        assert rate == 22_050
        for metric, (start, end) in each.windows.items():
            notes = [note for note in cue.notes if note.metric == metric]
            heard = listen(frames[round(start * rate) : round(end * rate)], rate)
            errors = [
                cents(tone.pitch_hz, note.frequency_hz)
                for tone, note in zip(heard, notes, strict=True)
            ]
            assert max(map(abs, errors)) < 3.0
        windows = sorted(each.windows.values())
        assert all(a[1] < b[0] for a, b in itertools.pairwise(windows))
    assert len(cues[4].notes) > len(cues[3].notes)  # its earcon is in no window


def test_a_growing_run_keeps_its_cues() -> None:
    """Round after round it has what it would have at once, rendered only once."""
    snapshot = snapshot_of(overfitting(330), [(k, "happened") for k in (3, 250)])
    growing = KeptCues(CLEAR)
    rounds = [
        _keep(until_epoch(snapshot, count), growing)[0] for count in (40, 120, 330)
    ]

    at_once, _ = _keep(until_epoch(snapshot, 330))

    assert rounds[-1] == at_once
    for before, after in itertools.pairwise(rounds):
        same = {cue.place: cue for cue in before}
        again = [cue for cue in after if cue.place in same]
        assert len(again) > 10
        assert all(cue is same[cue.place] for cue in again)


def test_a_change_of_metrics_makes_cues_anew() -> None:
    """Old cues do not keep a metric that does not sound any more."""
    snapshot = snapshot_of(overfitting(8))
    growing = KeptCues(CLEAR)
    _keep(until_epoch(snapshot, 5), growing)
    fewer = replace(snapshot, metrics=snapshot.metrics[:2])

    kept, _ = _keep(fewer, growing)

    assert kept == _keep(fewer)[0]
    assert set(kept[0].windows) == {"loss", "val_loss"}


def test_an_epoch_without_sound_is_kept_silent() -> None:
    """An epoch in which no metric had a value is a step like the others."""
    run: Columns = {"loss": [1.0, None, 0.5]}

    kept, _ = _keep(snapshot_of(run))

    assert [bool(cue.sound) for cue in kept] == [True, False, True]
    assert kept[1].told == "nothing to hear"


@pytest.mark.parametrize(
    ("style", "rate"),
    [
        (CLEAR, 22_050),
        (CLASSIC, 22_050),
        (Style(high_hz=3_000.0), 44_100),
        (Style(high_hz=3_000.0, odd_partials=False), 22_050),
        (Style(sample_rate=16_000), 16_000),
    ],
)
def test_half_the_sample_rate_where_it_will_do(style: Style, rate: int) -> None:
    """Pages hold sound at 22 050 Hz unless a partial would not fit below half of it."""
    assert page_rate(style) == rate
