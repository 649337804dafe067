"""How far a metric's own file moves, told from its sound alone."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from blind_listener import decode_metric
from ear import Sound

from keras_sonify.score.heard import Heard, replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.sound.synth import render_blocks
from keras_sonify.sound.wav import FULL_SCALE, to_pcm16
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot


@dataclass(frozen=True, kw_only=True)
class Moved:
    """How far the tones of a file moved, in cents.

    Attributes:
        rise: From the lowest tone, the best loss, to the last one.
        steps: From each tone to the next, without a sign.
    """

    rise: float
    steps: tuple[float, ...]

    @property
    def late(self) -> tuple[float, ...]:
        """The steps of the second half: when what stands still has come to a stand."""
        return self.steps[len(self.steps) // 2 :]


def listen_to(epochs: Sequence[Mapping[str, float]], name: str) -> Moved:
    """Return how far the own file of a loss moves; epochs without a number are no tone.

    Args:
        epochs: The run.
        name: The metric.
    """
    heard = heard_of(epochs)
    pitches = decode_metric(own_file(heard, name), heard.hearing.style.sample_rate)
    cents = [cents for cents in pitches if cents is not None and math.isfinite(cents)]
    return Moved(
        rise=cents[-1] - min(cents),
        steps=tuple(abs(after - before) for before, after in pairwise(cents)),
    )


def heard_of(epochs: Sequence[Mapping[str, float]]) -> Heard:
    """Return a run as it is heard, with all its losses."""
    history = History()
    for epoch, values in enumerate(epochs):
        history.append(epoch, values)
    metrics = [Metric.named(n) for n in ("loss", "val_loss") if n in history]
    return replay(Snapshot(history, len(history), metrics), Hearing())


def own_file(heard: Heard, name: str) -> Sound:
    """Return a metric's own file, as one of 16 bits holds it."""
    style = heard.hearing.style
    blocks = render_blocks(
        heard.metric_notes(Metric.named(name)),
        sample_rate=style.sample_rate,
        channels=1,
        fade=style.fade,
        total=len(heard.points) * heard.slot_frames,
        full_scale=FULL_SCALE,
    )
    samples = to_pcm16(np.concatenate(list(blocks)), dither=style.dither)
    return samples[:, 0].astype(np.float64) / FULL_SCALE
