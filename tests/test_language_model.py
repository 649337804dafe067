"""A small language model, one epoch of 3000 steps, live on a sound card."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from ear import Heard, listen
from programs import Program, run
from scipy.stats import spearmanr
from table import FINISHED, check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

from keras_sonify.files.past import read_past
from keras_sonify.training.axis import At

STEPS = 3000
PACE = 1.0  # seconds between two cues: the training takes less than a minute

TRAINING = f"""
import keras
import numpy as np
from keras_sonify import SonifyCallback

keras.utils.set_random_seed(1)
chance = np.random.default_rng(1)
words, context, batch = 64, 8, 8
chain = chance.dirichlet(np.full(words, 0.08), size=words).cumsum(axis=1)
text = [0]
for draw in chance.random({STEPS} * batch + context):
    text.append(min(int(np.searchsorted(chain[text[-1]], draw)), words - 1))
contexts = np.array([text[at : at + context] for at in range({STEPS} * batch)])
follows = np.array(text[context : context + {STEPS} * batch])

model = keras.Sequential([
    keras.Input((context,)),
    keras.layers.Embedding(words, 16),
    keras.layers.GRU(32),
    keras.layers.Dense(words),
])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))


class Pace(keras.callbacks.Callback):
    def on_train_end(self, logs=None):
        self.player = sonify.sonifier._run.outputs[-1]
        sonify.sonifier.drain(30.0)


sonify = SonifyCallback(
    directory="sound", update_freq="batch", words=False, cue_seconds={PACE}
)
pace = Pace()
model.fit(
    contexts, follows, batch_size=batch, epochs=1, verbose=0, callbacks=[pace, sonify]
)
pace.player.drain(10.0)
print("counts", [pace.player.played, pace.player.dropped])
"""


@dataclass(frozen=True)
class Training:
    """What a training left behind: on the sound card, on disk, and printed."""

    program: Program
    directory: Path
    heard: list[Heard]


@pytest.fixture(scope="module")
def training(
    card_parts: None,  # noqa: ARG001 - must come first
    tmp_path_factory: pytest.TempPathFactory,
) -> Training:
    """The training of all tests below."""
    directory = tmp_path_factory.mktemp("language_model")
    with VirtualCard() as card:
        env = {**card.env, "TF_CPP_MIN_LOG_LEVEL": "3"}
        program = run(TRAINING, directory, env)
        card.wait_quiet()
        heard = listen(card.samples(), SAMPLE_RATE)
    return Training(program, directory / "sound", heard)


def _rank_correlation(ones: Sequence[float], others: Sequence[float]) -> float:
    return float(spearmanr(ones, others).statistic)


def test_every_cue_is_heard(training: Training) -> None:
    """None is dropped, and each tone has the pitch of the table to 5 cents."""
    assert training.program.status == 0
    assert training.program.warnings == []
    rows = read_table(training.directory, "live")
    assert training.program.told("counts")[1] == 0

    error_cents = check_heard(training.heard, rows + FINISHED)

    assert len({row.step for row in rows}) >= 8
    assert error_cents < 5.0


def test_the_fall_is_heard(training: Training) -> None:
    """From the recording alone: the tones of the loss sink as the loss does."""
    rows = read_table(training.directory, "live")
    both = zip(training.heard, rows, strict=False)  # the end has no rows
    tones = [(note, row) for note, row in both if row.kind == "tone"]

    heard = [note.pitch_hz for note, _ in tones]
    assert _rank_correlation(heard, [float(k) for k in range(len(heard))]) < -0.8
    losses = [row.value for _, row in tones]
    assert losses[-1] < 0.8 * losses[0]


def test_the_log_holds_each_step(training: Training) -> None:
    """All of them, in windows."""
    past = read_past(training.directory)
    assert past is not None
    windows = (past.history.window(place) for place in range(len(past.history)))
    assert sum(window.steps for window in windows if window is not None) == STEPS
    assert past.history.at(len(past.history) - 1) == At(0, STEPS)
