"""The cue of a window of steps: its median, its noise, and what stands out."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from ear import cents, listen
from made_steps import make_run
from signals import RATE
from window_ear import flutter_of, levels_at, roughness_of

from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.composer import Composer
from keras_sonify.score.cue import Cue
from keras_sonify.score.note import Note
from keras_sonify.score.pitch import interval_cents
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.sound.synth import render
from keras_sonify.training.events import Event, EventKind
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import Point, Window

_NOISE = (0.92, 0.96, 1.0, 1.04, 1.08)
_RECORDED = 60  # cues


def _event(kind: EventKind, step: int = 8) -> Event:
    return Event(kind=kind, epoch=0, step=step, text="loss 7.3 stands far out")


class _Run:
    """Composes the cues of a run, window by window, as it comes.

    Args:
        style: How it sounds. Defaults to that of `"clear"`.
    """

    def __init__(self, style: Style = CLEAR) -> None:
        self._composer = Composer(style)
        self._history = History()

    def cue(
        self,
        losses: Sequence[float],
        spikes: Sequence[float] = (),
        event: Event | None = None,
        **validation: float,
    ) -> Cue:
        """Return the cue of a window of so many steps, spikes last."""
        start = len(self._history)
        for value in losses:
            self._row({"loss": value}, frozenset())
        for value in spikes:
            self._row({"loss": value}, frozenset(["loss"]))
        if validation:
            self._row(validation, frozenset())
        point = self._history.point(start, len(self._history))
        return self.cue_of(point, event)

    def cue_of(self, point: Point, event: Event | None = None) -> Cue:
        """Return the cue of a window."""
        metrics = [Metric.named("loss"), Metric.named("val_loss")]
        return self._composer.cue(
            point.epoch, point.values, metrics, event, window=point
        )

    def _row(self, values: dict[str, float], spikes: frozenset[str]) -> None:
        self._history.append(len(self._history) + 1, values, Window(0, spikes=spikes))


def _kinds(cue: Cue) -> list[tuple[str, str]]:
    return [(note.kind, note.metric) for note in cue.notes]


def _only(cue: Cue, kind: str) -> Note:
    (note,) = [note for note in cue.notes if note.kind == kind]
    return note


def test_it_says_where_it_lies() -> None:
    """The cue and its notes carry epoch and step."""
    run = _Run()
    run.cue(_NOISE)

    cue = run.cue(_NOISE, event=_event("plateau"))

    assert (cue.epoch, cue.step) == (0, 10)
    assert {(note.epoch, note.step) for note in cue.notes} == {(0, 10)}


def test_its_tone_is_the_median_and_flutters() -> None:
    """The reference, the best median so far, is steady."""
    run = _Run()
    run.cue(_NOISE)

    cue = run.cue([1.5 * value for value in _NOISE])

    reference, tone = _only(cue, "reference"), _only(cue, "tone")
    assert (reference.value, reference.flutter) == (1.0, 0.0)
    assert (tone.value, tone.flutter) == (1.5, 0.6)


def test_no_batch_is_a_best_value_or_widens_the_range() -> None:
    """Neither the least of a window nor what stands out of it."""
    run = _Run()
    run.cue([0.01, 1.0, 1.0, 1.0, 1.0], spikes=[900.0])

    cue = run.cue([0.9] * 5)

    assert _only(cue, "reference").value == 1.0
    share = math.log(1.0 / 0.9) / math.log(16)  # of the narrowest range
    step = interval_cents(CLEAR.high_hz, _only(cue, "tone").frequency_hz)
    all_cents = interval_cents(CLEAR.low_hz, CLEAR.high_hz)
    assert step == pytest.approx(-all_cents * share, abs=1.0)


def test_a_spike_is_a_grain_after_its_tone() -> None:
    """Before the next metric, and the farthest one only."""
    run = _Run()
    run.cue(_NOISE, val_loss=1.1)

    cue = run.cue(_NOISE, spikes=[4.0, 7.3, 5.0], val_loss=1.1)

    assert _kinds(cue) == [
        ("reference", "loss"),
        ("tone", "loss"),
        ("spike", "loss"),
        ("reference", "val_loss"),
        ("tone", "val_loss"),
    ]
    grain = _only(cue, "spike")
    assert (grain.value, grain.start) == (7.3, cue.notes[1].end)
    assert cue.notes[3].start > grain.end


def test_a_spike_is_news() -> None:
    """A cue that is else as the one before it is soft, but not with a grain in it."""
    run = _Run()
    cues = [run.cue(_NOISE), run.cue(_NOISE), run.cue(_NOISE, spikes=[7.3])]

    assert [cue.is_quiet for cue in cues] == [False, True, False]


def test_a_spike_is_heard_and_said() -> None:
    """Its grain tells of which metric, a figure after all tones that it is news."""
    run = _Run()
    run.cue(_NOISE)

    cue = run.cue(_NOISE, spikes=[7.3], event=_event("spike", step=8))

    grain, *told = [note for note in cue.notes if note.kind == "spike"]
    assert (grain.step, grain.metric, grain.text) == (8, "loss", "")
    assert {(note.step, note.metric, note.pan) for note in told} == {(8, "", 0.0)}
    assert told[0].text == "loss 7.3 stands far out"
    assert told[-1].word == "spike"


@pytest.mark.parametrize("style", [CLEAR, CLASSIC], ids=["clear", "classic"])
def test_another_event_is_heard_besides(style: Style) -> None:
    """After the grain of a spike, or, in the classic style, without one."""
    cue = _Run(style).cue(_NOISE, spikes=[7.3], event=_event("plateau"))

    grains = 0 if style is CLASSIC else 1
    kinds = [kind for kind, _ in _kinds(cue)]
    assert kinds == ["tone", *["spike"] * grains, *["plateau"] * (3 + 1)]


def test_the_spike_of_what_is_not_heard_is_told() -> None:
    """Without a grain: by the figure of news, after all tones."""
    cue = _Run().cue(_NOISE, event=_event("spike"))

    tone, *told = cue.notes
    assert {(note.kind, note.metric, note.pan) for note in told} == {("spike", "", 0.0)}
    assert told[0].start > tone.end + 0.1


def test_classic_knows_neither_flutter_nor_grain() -> None:
    """A tone a metric, as in the blog post; a spike is told as any event."""
    run = _Run(CLASSIC)
    run.cue(_NOISE)

    cue = run.cue(_NOISE, spikes=[7.3], event=_event("spike"))

    assert _kinds(cue) == [("tone", "loss"), *[("spike", "")] * 3]
    assert _only(cue, "tone").flutter == 0.0


@pytest.mark.parametrize(
    ("value", "pitch_hz"), [(900.0, CLEAR.high_hz), (1e-6, CLEAR.low_hz)]
)
def test_a_window_of_nothing_but_a_spike_is_no_measure(
    value: float, pitch_hz: float
) -> None:
    """Its tone ends the scale, with a grain; range and best value stay as they are."""
    run = _Run()
    run.cue(_NOISE)

    alone = run.cue([], spikes=[value])
    after = run.cue([0.9] * 5)

    assert _only(alone, "tone").frequency_hz == pitch_hz
    assert _only(alone, "spike").value == value
    assert not alone.readings[0].is_best
    assert _only(after, "reference").value == 1.0
    assert _only(after, "tone").frequency_hz > 0.8 * CLEAR.high_hz


@pytest.mark.parametrize("seed", [1, 5, 9])
def test_a_recorded_cue_is_heard_truly(seed: int) -> None:
    """By ear: pitches to 5 cents, the class of the flutter, each grain and no other."""
    heard_run = make_run(seed).heard()
    points = list(heard_run.points)[:: max(1, len(heard_run.points) // _RECORDED)]
    run = _Run()

    for point in points:
        cue = run.cue_of(point)
        sound = render(cue.notes, sample_rate=RATE, channels=2, fade=CLEAR.fade)
        heard = listen(sound, RATE)

        assert len(heard) == len(cue.notes)
        for note, sounded in zip(cue.notes, heard, strict=True):
            first, last = (round(t * RATE) for t in (note.start, note.end))
            mono = sound[first:last].astype(np.float64).mean(axis=1)
            is_grain = sounded.duration < 0.05
            assert is_grain == (note.kind == "spike")
            if is_grain:
                (level,) = levels_at(2349.32, mono[None], RATE)
                assert level > 0.02
                continue
            assert abs(cents(sounded.pitch_hz, note.frequency_hz)) < 5.0
            depth = flutter_of(mono, cents(sounded.pitch_hz, 330.0), RATE)
            meant = roughness_of(note.flutter)
            assert roughness_of(depth) == meant
