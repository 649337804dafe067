"""Cues of whole runs, for tests of what they play."""

import itertools
from collections.abc import Mapping

from keras_sonify.score.composer import Composer
from keras_sonify.score.cue import Cue
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.metrics import Metric


def play(*epochs: Mapping[str, float], style: Style = CLEAR) -> list[Cue]:
    """Return the cues of a run, an epoch each."""
    composer = Composer(style)
    names = dict.fromkeys(itertools.chain(*epochs))
    metrics = [Metric.named(name) for name in names]
    return [composer.cue(k, values, metrics) for k, values in enumerate(epochs)]


def play_one(name: str, *values: float, style: Style = CLEAR) -> list[Cue]:
    """Return the cues of a run of one metric."""
    return play(*({name: value} for value in values), style=style)
