"""Earcons are known from sound alone, with the tones of metrics all around them."""

import math
import random
from pathlib import Path

import numpy as np
import pytest
from earcon_ear import Sound, name_earcons
from programs import run, sonify
from signals import FADE, RATE
from virtual_card import SAMPLE_RATE, VirtualCard

from keras_sonify.score.composer import Composer
from keras_sonify.score.style import Style
from keras_sonify.sound.synth import render
from keras_sonify.training.events import EVENT_KINDS, Event, EventKind
from keras_sonify.training.metrics import Metric

_METRICS = [
    *("loss", "val_loss", "accuracy", "val_accuracy"),
    *("auc", "val_auc", "mae", "grad_norm"),
]
_RUNS = 100


def _record(seed: int, kind: EventKind | None, snr_db: float = math.inf) -> Sound:
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
    frames = np.concatenate(heard)
    level = math.sqrt(np.mean(frames[frames.any(axis=1)] ** 2))
    noise = np.random.default_rng(seed).standard_normal(frames.shape)
    return np.asarray(frames + level * 10 ** (-snr_db / 20) * noise)


@pytest.mark.slow
@pytest.mark.parametrize("snr_db", [math.inf, 30.0], ids=["clean", "30 dB"])
def test_each_earcon_is_named(snr_db: float) -> None:
    """In 100 of 100 runs the one that sounded is named, and no other."""
    kinds = [EVENT_KINDS[k % len(EVENT_KINDS)] for k in range(_RUNS)]

    named = [
        name_earcons(_record(seed, kind, snr_db), RATE)
        for seed, kind in enumerate(kinds)
    ]

    assert named == [[kind] for kind in kinds]


@pytest.mark.slow
@pytest.mark.parametrize("snr_db", [math.inf, 30.0], ids=["clean", "30 dB"])
def test_no_metric_is_taken_for_an_earcon(snr_db: float) -> None:
    """In 100 of 100 runs without an event none is heard."""
    named = [name_earcons(_record(1000 + k, None, snr_db), RATE) for k in range(_RUNS)]

    assert named == [[]] * _RUNS


def test_they_are_named_on_one_side_alone() -> None:
    """Who hears one channel only misses no earcon."""
    records = [_record(2000 + k, kind) for k, kind in enumerate(EVENT_KINDS)]

    for side in (0, 1):
        named = [name_earcons(record[:, side], RATE) for record in records]
        assert named == [[kind] for kind in EVENT_KINDS]


def test_the_events_of_a_live_run_are_named(card: VirtualCard, tmp_path: Path) -> None:
    """Played by the sound card, with cues before and after: all, and in order."""
    script = sonify("""
        from keras_sonify import Rules

        sonifier = Sonifier(
            ["loss", "val_loss"],
            directory=None,
            rules=Rules(overfitting_epochs=1),
        )
        nan = float("nan")
        losses = [2.0, 1.8, 1.6, 1.4, 1.2, 1.0, 0.8, 0.7, nan, nan]
        val_losses = [2.0, 1.5, 1.2, 1.1, 1.4, 1.5, 1.6, 1.7, 1.7, 1.7]
        rates = [0.1] * 3 + [0.01] * 7
        told = []
        for epoch, values in enumerate(zip(losses, val_losses, rates)):
            names = ("loss", "val_loss", "learning_rate")
            cue = sonifier.epoch(epoch, dict(zip(names, values)))
            told += [cue.sounded.kind] if cue.sounded else []
            sonifier.drain(10.0)
        for kind in ("stalled", "crashed"):
            sonifier.sound(kind)
        sonifier.drain(10.0)
        sonifier.end("stopped_early")
        print("told", json.dumps(told))
    """)

    program = run(script, tmp_path, card.env)
    card.wait_quiet(1.0)

    told = program.told("told")
    assert told == ["learning_rate", "overfitting", "nan_loss"]
    expected = [*told, "stalled", "crashed", "stopped_early"]
    assert name_earcons(card.samples(), SAMPLE_RATE) == expected
