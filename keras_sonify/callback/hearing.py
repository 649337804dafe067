"""Steps as they are heard: given to a `Sonifier`, and told in lines."""

from collections.abc import Mapping, Sequence

from keras_sonify.callback.batches import Row
from keras_sonify.callback.directions import ask_keras
from keras_sonify.callback.lines import Lines
from keras_sonify.callback.means import weakly
from keras_sonify.sonifier import Sonifier
from keras_sonify.training.axis import EPOCHS, Plan
from keras_sonify.training.directions import Direction
from keras_sonify.training.warn import held_warnings
from keras_sonify.words import text
from keras_sonify.words.against import held_sentences

_WITHIN = 2  # `verbose` with which also what sounds within an epoch is told


class StepHearing:
    """Makes steps heard, in whatever thread Keras tells of a batch.

    It does not hold the callback, and so not the model.

    Args:
        sonifier: What sounds them.
        lines: What prints lines.
        verbose: How much is told: 0, 1 or 2.
        plan: How much there is to be of it.
        model: What is trained.
    """

    def __init__(
        self,
        sonifier: Sonifier,
        lines: Lines,
        verbose: int,
        plan: Plan,
        model: object,
    ) -> None:
        self._sonifier = sonifier
        self._lines = lines
        self._verbose = verbose
        self._plan = plan
        self._model = weakly(model)
        self._directions: Mapping[str, Direction] | None = None
        self._warnings: list[str] = []
        self._epoch, self._step = -1, 0  # of the last row

    def hear(self, rows: Sequence[Row], epoch: int) -> None:
        """Sound steps, and tell of them."""
        if self._directions is None:
            self._directions = ask_keras(self._model())
        with held_warnings() as warnings:
            cue = self._sonifier.steps(rows, epoch=epoch, directions=self._directions)
        lines: list[str] = []
        if cue is not None and self._verbose:
            lines = held_sentences(cue)
            if self._verbose >= _WITHIN and cue.readings:
                lines.append(text.cue_sentence(cue, self._plan))
            lines += [event.sentence for event in cue.happened]
        # Keras first draws its bar after the first batch.
        step = rows[-1][0]
        has_bar = epoch == self._epoch or step > self._step + 1
        self._epoch, self._step = epoch, step
        warnings, self._warnings = [*self._warnings, *warnings], []
        self._lines.tell_in_epoch(lines, warnings, has_bar=has_bar)

    def warn_of_running(self, names: Sequence[str]) -> None:
        """Say, with the next row, that some metrics are known for the epoch so far."""
        listed = ", ".join(f"`{name}`" for name in names)
        are = "is" if len(names) == 1 else "are"
        told = (
            f"Within an epoch, {listed} {are} heard and kept as Keras tells: of all "
            "batches of the epoch so far, not of each."
        )
        self._warnings.append(told)


def sentence_of_few(epochs: int) -> str:
    """Return that little will be heard of a training of few epochs."""
    count = EPOCHS.count(epochs)
    return (
        f"This training has {count}, and `update_freq='epoch'` sounds when one ends: "
        "you will hear little of it. `update_freq='auto'` also sounds within an epoch "
        "that lasts over a minute."
    )
