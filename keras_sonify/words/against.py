"""What is told once of the run that another one is held against."""

from collections.abc import Iterator, Sequence

from keras_sonify.score.cue import Cue
from keras_sonify.score.held import Held
from keras_sonify.training.against import OtherRun
from keras_sonify.training.foreign import shown
from keras_sonify.training.metrics import Metric
from keras_sonify.words.notices import listed

_BEST = "the reference before a tone is the best so far"


def held_sentences(cue: Cue) -> list[str]:
    """Return what is to be said before a cue: at the first, and where the other ended.

    Args:
        cue: The cue.
    """
    held, told = cue.held, list[str]()
    if held is not None and held.is_first:
        told += _beginning(held, [reading.metric for reading in cue.readings])
    if held is not None and held.is_over:
        other = held.other
        told.append(
            f"{other.name} ended with {other.end.name}: from here on this run is held "
            "against the last values of that one"
        )
    return [shown(f"{each[0].upper()}{each[1:]}") for each in told]


def _beginning(held: Held, metrics: Sequence[Metric]) -> Iterator[str]:
    """Yield what the references are from now on, and which metrics have others."""
    other, axis = held.other, held.other.history.axis
    lacking = [m.name for m in metrics if other.called(m.name) is None]
    opposed = [m.name for m in metrics if m.name not in lacking and other.opposes(m)]
    if len(lacking) == len(metrics):
        yield (
            f"{other.name} has nothing of what is heard here, only "
            f"{listed(other.history.names)}: {_BEST}"
        )
        return
    if len(lacking) + len(opposed) < len(metrics):
        value = f"its value at the same {axis.unit}"
        heard = f"the reference before each tone is {value}"
        yield (
            f"held against {other.name}, which has {axis.count(_length(other))}: "
            f"{heard if held.is_heard else f'words tell {value}, this style does not'}"
        )
    if lacking:
        yield f"{other.name} has no {listed(lacking)}: there {_BEST}"
    if opposed:
        yield f"in {other.name} {listed(opposed)} improves the other way: here {_BEST}"


def _length(other: OtherRun) -> int:
    """Return how many epochs, or steps, a run has."""
    history, end = other.history, other.end
    return len(history) if end.step is None else end.step - history.before(len(history))
