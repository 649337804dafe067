"""What the sound files of a run in steps hold: windows, ticks, marks, grains."""

import itertools
from collections.abc import Collection, Sequence

import numpy as np
import pytest
from blind_listener import to_cents
from ear import Sound
from made_steps import make_run
from signals import RATE
from window_ear import decode_track, roughness_of

from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.heard import Heard, replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.note import Note
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.sound.synth import render
from keras_sonify.training.events import Event, EventKind
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Window
from keras_sonify.training.record import Placed, Snapshot

_ROWS = 430  # ten a window of the summary


def _heard(
    rows: int,
    *names: str,
    epochs: int = 1,
    spikes: Collection[int] = (),
    events: Sequence[tuple[int, EventKind]] = (),
    hearing: Hearing | None = None,
) -> Heard:
    """Return a run of so many rows, each a step; what is placed is placed by row."""
    names = names or ("loss",)
    ends = {round(rows * (k + 1) / epochs) - 1: k for k in range(epochs)}
    history = History()
    epoch = 0
    for row in range(rows):
        is_spike = row in spikes
        window = Window(
            epoch,
            spikes=frozenset(names[-1:] if is_spike else ()),
            ends_epoch=row in ends,
        )
        values = dict.fromkeys(names, 0.999**row)
        history.append(
            row + 1, {**values, **({names[-1]: 9.0} if is_spike else {})}, window
        )
        epoch += row in ends
    placed: list[Placed] = [
        (row, Event(kind=kind, epoch=0, step=row + 1, text=kind))
        for row, kind in events
    ]
    metrics = [Metric.named(name) for name in names]
    snapshot = Snapshot(history, rows, metrics, placed, placed)
    return replay(snapshot, hearing or Hearing())


def _of(heard: Heard, *kinds: str) -> list[Note]:
    """Return the notes of these kinds; not what is said after the last slot."""
    end = heard.grid.frames / heard.hearing.style.sample_rate
    return [note for note in heard.summary if note.kind in kinds and note.start < end]


def _slots(heard: Heard, *kinds: str) -> list[int]:
    """Return the slots in which notes of these kinds sound."""
    return [int(note.start / 0.16 + 1e-6) for note in _of(heard, *kinds)]


@pytest.mark.parametrize("rows", [1, 4, 15, 19, 20, 44, 100, 214, 216, 5000])
@pytest.mark.parametrize("names", [("loss",), ("loss", "val_loss")])
def test_a_summary_lasts_3_to_7_seconds(rows: int, names: tuple[str, ...]) -> None:
    """A slot a window, of 160 ms where there are 19 or more; each lasts a whole one."""
    heard = _heard(rows, *names)

    assert 2.99 <= heard.grid.frames / CLEAR.sample_rate <= 7.0
    assert heard.grid.slots == len(heard.grid.points) <= 43
    if heard.grid.slots >= 19:
        assert heard.grid.slot_frames == round(0.16 * CLEAR.sample_rate)


def test_two_families_share_the_time() -> None:
    """One after the other, 21 windows each; a spike sounds in the part it is of."""
    heard = _heard(
        _ROWS,
        "loss",
        "accuracy",
        spikes=[217],
        hearing=Hearing(asked=("loss", "accuracy")),
    )

    tones = _of(heard, "tone")
    assert [note.metric for note in tones] == ["loss"] * 21 + ["accuracy"] * 21
    assert heard.grid.frames / CLEAR.sample_rate <= 7.0
    (grain,) = _of(heard, "spike")
    assert grain.metric == "accuracy"
    assert _slots(heard, "spike") == [21 + heard.grid.slot_of(217)]


def test_each_tone_is_one_window() -> None:
    """It tells the last step of it; all are alike in steps."""
    steps = [note.step or 0 for note in _of(_heard(_ROWS), "tone")]

    assert len(steps) == 43
    assert {b - a for a, b in itertools.pairwise(steps)} == {10}


@pytest.mark.parametrize(("epochs", "every"), [(1, 1), (3, 1), (20, 1), (21, 10)])
def test_ticks_are_the_ends_of_epochs(epochs: int, every: int) -> None:
    """Where there are more than 20, every tenth; each lies in the slot of its end."""
    heard = _heard(_ROWS, epochs=epochs)

    ended = [
        (slot, epoch)
        for slot, point in enumerate(heard.grid.points)
        for epoch in point.epoch_ends
    ][every - 1 :: every]
    ticks = [note.epoch for note in _of(heard, "tick")]
    assert list(zip(_slots(heard, "tick"), ticks, strict=True)) == ended


def test_a_grain_tells_its_step() -> None:
    """After the tone of its slot; its event has no mark besides."""
    heard = _heard(_ROWS, spikes=[217], events=[(217, "spike")])

    (grain,) = _of(heard, "spike")
    tone = [note for note in _of(heard, "tone") if note.start < grain.start][-1]
    assert (grain.step, grain.metric, grain.value) == (218, "loss", 9.0)
    assert grain.text == "loss 9 stands far out"
    assert grain.start == tone.end
    assert grain.end <= tone.start + 0.16 + 1e-9


def test_a_mark_does_not_hide_a_spike() -> None:
    """An event in the same slot is marked at its beginning; the grain comes after."""
    heard = _heard(_ROWS, spikes=[217], events=[(216, "learning_rate"), (217, "spike")])

    assert _slots(heard, "learning_rate") == _slots(heard, "spike")
    (mark,), (grain,) = _of(heard, "learning_rate"), _of(heard, "spike")
    assert (mark.step, grain.step) == (217, 218)
    assert mark.end <= grain.start


def test_of_events_in_one_window_the_most_important_is_marked() -> None:
    """Of two that are alike, the first."""
    events: list[tuple[int, EventKind]] = [
        (215, "learning_rate"),
        (216, "nan_loss"),
        (217, "nan_loss"),
    ]

    heard = _heard(_ROWS, events=events)

    assert [note.step for note in _of(heard, "nan_loss", "learning_rate")] == [217]


def test_a_spike_that_no_grain_tells_is_marked() -> None:
    """That of a metric which is not in the summary, or of a style without grains."""
    elsewhere = _heard(_ROWS, events=[(217, "spike")])
    classic = _heard(
        _ROWS, spikes=[217], events=[(217, "spike")], hearing=Hearing(style=CLASSIC)
    )

    for heard in (elsewhere, classic):
        (mark,) = _of(heard, "spike")
        assert (mark.metric, mark.step, mark.duration) == ("", 218, 0.06)


def test_an_event_has_the_slot_of_its_step() -> None:
    """Also where early windows hold more rows than later ones."""
    run = make_run(40).heard()
    place = len(run.run.history) - 5
    event = Event(kind="plateau", epoch=0, step=run.points.at(place).step, text="")

    heard = make_run(40).heard(events=[(place, event)])

    assert _slots(heard, "plateau") == [heard.grid.slots - 1]


def _track(heard: Heard, style: Style) -> Sound:
    notes = list(heard.metric_notes(heard.metrics[0]))
    frames = render(notes, sample_rate=RATE, channels=1, fade=style.fade)
    total = len(heard.points) * heard.slot_frames
    return np.pad(frames[:, 0], (0, total - len(frames))).astype(np.float64)


@pytest.mark.parametrize("seed", [2, 8, 14])
def test_a_metric_s_own_file_is_heard_truly(seed: int) -> None:
    """At most 200 windows: pitches to 0.1 cents, each flutter and grain, no other."""
    run = make_run(seed)
    heard = run.heard()
    notes = list(heard.metric_notes(heard.metrics[0]))
    tones = [note for note in notes if note.kind == "tone"]
    with_grain = {
        heard.points.index(place)
        for place in range(heard.run.count)
        if heard.points.at(place).step in run.spikes
    }

    slots = decode_track(_track(heard, CLEAR), RATE)

    assert len(slots) == len(tones) == len(heard.points)
    assert 190 <= len(slots) <= 200
    for slot, tone in zip(slots, tones, strict=True):
        assert slot.train == pytest.approx(to_cents(tone.frequency_hz), abs=0.1)
        assert slot.roughness == roughness_of(tone.flutter)
    assert {k for k, slot in enumerate(slots) if slot.has_grain} == with_grain
    assert len({slot.roughness for slot in slots}) > 1


def test_classic_is_the_recipe_of_the_medians() -> None:
    """In steps as in epochs, sample for sample: a bare cosine a window, no gaps."""
    heard = _heard(30, spikes=[11], hearing=Hearing(style=CLASSIC))
    notes = list(heard.metric_notes(heard.metrics[0]))

    assert heard.slot_frames == 3308
    assert [note.kind for note in notes] == ["tone"] * len(heard.points)
    assert not any(note.flutter for note in notes)
    starts = [round(note.start * CLASSIC.sample_rate) for note in notes]
    assert starts == [3308 * k for k in range(len(notes))]


def test_full_files_hold_a_tone_a_row() -> None:
    """`--full` leaves nothing out of a metric's own file; the summary stays short."""
    heard = _heard(_ROWS, spikes=[217], hearing=Hearing(is_full=True))

    notes = list(heard.metric_notes(heard.metrics[0]))

    assert len([note for note in notes if note.kind == "tone"]) == _ROWS
    assert len(_of(heard, "tone")) == 43
