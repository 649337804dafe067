"""Figures are known from sound alone, with the tones of metrics all around them."""

import math
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from earcon_ear import Sound, hear_figures, name_figures
from programs import run
from scipy.signal import butter, sosfilt
from signals import FADE, RATE
from virtual_card import SAMPLE_RATE, VirtualCard
from word_ear import name_events

from keras_sonify.score.composer import Composer
from keras_sonify.score.style import Style
from keras_sonify.sound.synth import render
from keras_sonify.training.events import EVENT_KINDS, EVENTS, Event, EventKind
from keras_sonify.training.metrics import Metric

_METRICS = [
    *("loss", "val_loss", "accuracy", "val_accuracy"),
    *("auc", "val_auc", "mae", "grad_norm"),
]
_RUNS = 100
_PHONE_HZ = 600.0  # a thin phone: a high-pass of the fourth order


def _record(seed: int, kind: EventKind | None) -> Sound:
    """A run of three epochs as it is heard: an event in one, the rest random."""
    chance = random.Random(seed)
    composer = Composer(Style(amplitude=chance.uniform(0.01, 0.2)))
    names = chance.sample(_METRICS, chance.randint(1, 4))
    metrics = [Metric.named(name) for name in names]
    at = chance.randrange(3)
    heard: list[Sound] = [np.zeros((4000, 2))]
    for epoch in range(3):
        values = {name: chance.lognormvariate(-1.0, 1.5) for name in names}
        if chance.random() < 0.1:
            values[names[0]] = math.nan
        event = Event(kind=kind, epoch=epoch, text="") if kind and epoch == at else None
        notes = composer.cue(epoch, values, metrics, event).notes
        heard.append(render(notes, sample_rate=RATE, channels=2, fade=FADE))
        pause = chance.choice([0.0, 0.03, chance.uniform(0.0, 0.6)])
        heard.append(np.zeros((round(pause * RATE), 2)))
    return np.concatenate(heard)


def _clean(sound: Sound, _: int) -> Sound:
    return sound


def _phone(sound: Sound, _: int) -> Sound:
    low_cut = butter(4, _PHONE_HZ, "high", fs=RATE, output="sos")
    return np.asarray(sosfilt(low_cut, sound, axis=0))


def _noise(sound: Sound, seed: int) -> Sound:
    """Add white noise, 10 dB below what sounds."""
    level = math.sqrt(np.mean(sound[sound.any(axis=1)] ** 2)) * 10 ** (-10 / 20)
    noise = np.random.default_rng(seed).standard_normal(sound.shape)
    return np.asarray(sound + level * noise)


_CONDITIONS = pytest.mark.parametrize(
    ("through", "least"), [(_clean, 100), (_phone, 98), (_noise, 95)]
)


@pytest.mark.slow
@_CONDITIONS
def test_the_class_of_each_event_is_named(
    through: Callable[[Sound, int], Sound], least: int
) -> None:
    """In so many of 100 runs that of the one that sounded is named, and no other."""
    wrong = []
    for seed in range(_RUNS):
        kind = EVENT_KINDS[seed % len(EVENT_KINDS)]
        named = name_figures(through(_record(seed, kind), seed), RATE)
        wrong += [(kind, named)] if named != [EVENTS[kind].figure] else []

    assert _RUNS - len(wrong) >= least, wrong


@pytest.mark.slow
@_CONDITIONS
def test_no_metric_is_taken_for_a_figure(
    through: Callable[[Sound, int], Sound], least: int
) -> None:
    """In as many of 100 runs without an event none is heard."""
    named = [
        name_figures(through(_record(1000 + seed, None), seed), RATE)
        for seed in range(_RUNS)
    ]

    assert named.count([]) >= least


def test_they_are_named_on_one_side_alone() -> None:
    """Who hears one channel only misses no event."""
    kinds: list[EventKind] = ["nan_loss", "overfitting", "stuck", "best", "finished"]
    records = [_record(2000 + k, kind) for k, kind in enumerate(kinds)]

    for side in (0, 1):
        named = [name_figures(record[:, side], RATE) for record in records]
        assert named == [[EVENTS[kind].figure] for kind in kinds]


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_the_word_is_heard_after_its_figure(kind: EventKind) -> None:
    """It begins 150 to 160 ms after the last tone, whatever else sounds; in silence."""
    sound = _record(3000 + EVENT_KINDS.index(kind), kind).mean(axis=1)
    (figure,) = hear_figures(sound, RATE)

    end = round((figure.end - 0.05) * RATE)
    level = np.abs(sound[end : end + round(0.5 * RATE)])
    loud = np.flatnonzero(level > 1e-3 * np.abs(sound).max()) / RATE
    gaps = np.diff(loud)
    longest = int(gaps.argmax())
    assert loud[longest] == pytest.approx(0.05, abs=0.008)  # the tone has faded
    assert 0.148 < gaps[longest] < 0.165  # and the word comes up


def test_the_events_of_a_live_run_are_named(card: VirtualCard, tmp_path: Path) -> None:
    """Played by the sound card, with cues before and after: all, and in order."""
    script = """
import json
from keras_sonify import Rules, Sonifier

sonifier = Sonifier(
    ["loss", "val_loss"],
    directory=None,
    player="speaker",
    rules=Rules(overfitting_epochs=1),
)
nan = float("nan")
losses = [2.0, 1.8, 1.6, 1.4, 1.2, 1.0, 0.8, 0.7, nan, nan]
val_losses = [2.0, 1.5, 1.2, 1.1, 1.4, 1.5, 1.6, 1.7, 1.7, 1.7]
told = []
for epoch, values in enumerate(zip(losses, val_losses)):
    cue = sonifier.epoch(epoch, dict(zip(("loss", "val_loss"), values)))
    told += [cue.sounded.kind] if cue.sounded else []
    sonifier.drain(10.0)
for kind in ("stalled", "crashed"):
    sonifier.sound(kind)
sonifier.drain(10.0)
sonifier.end("stopped_early")
print("told", json.dumps(told))
"""

    program = run(script, tmp_path, card.env)
    card.wait_quiet(1.0)

    assert program.told("told") == ["overfitting", "nan_loss"]
    assert name_events(card.samples(), SAMPLE_RATE) == [
        ("trouble", "overfitting"),
        ("alarm", "not a number"),
        ("stillness", "stalled"),
        ("alarm", "crashed"),
        ("end", "stopped early"),
    ]
