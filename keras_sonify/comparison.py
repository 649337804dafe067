"""Several runs beside one another: read, compared, and told."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from keras_sonify.files.candidates import candidates
from keras_sonify.readers import LogError
from keras_sonify.score.comparison import comparison_notes
from keras_sonify.score.note import Note
from keras_sonify.score.style import Style
from keras_sonify.score.sweep import sweep_notes
from keras_sonify.training.candidates import Candidate, own_name, shared_metric
from keras_sonify.training.comparing import compare_runs
from keras_sonify.training.comparison import MOST_RUNS, Comparison
from keras_sonify.training.directions import Direction
from keras_sonify.words.comparison import sentences
from keras_sonify.words.notices import listed

_FEWEST = 2  # runs that can be compared


def compare(
    *runs: object,
    metric: str | None = None,
    mode: Literal["auto", "min", "max"] = "auto",
) -> Comparison:
    """Compare runs: which one is better, by how much, and where the lead changed.

    Up to nine runs are compared one by one, the two best of them point by point. Of
    more, or of runs of which one value each is known, it is told which is best, which
    have failed, and where the middle lies.

    Args:
        *runs: Each the path of a log or of the directory of a run, a directory that
            holds those of several or the trials of keras-tuner, a table of runs as W&B
            exports it, what `fit` returned, or a dictionary from metric to values. A
            dictionary from names to such runs names them. One list of all of them will
            do.
        metric: String. What they are compared by. Defaults to `None`: the validation
            loss, or the first of losses and accuracies that all of them have.
        mode: String. One of `{"auto", "min", "max"}`: whether the metric improves as
            it falls or as it rises. Defaults to `"auto"`: as its name, or Keras, says.

    Returns:
        What came of it: `winner`, `at_best`, `at_end`, `leads` and more; `str` of it
        are plain sentences.

    Raises:
        ValueError: If there are fewer than two runs with values, if they have no metric
            in common, or if it is not known which way it improves.
        OSError: If a log cannot be read.

    Example:

    ```python
    told = compare({"loss": [0.9, 0.6, 0.5]}, {"loss": [0.9, 0.5, 0.4]})
    print(told.winner, told.at_end.share)
    print(told)
    ```
    """
    if mode not in ("auto", "min", "max"):
        raise ValueError(
            "Unrecognized mode. Expected one of ('auto', 'min', 'max'). "
            f"Received: mode={mode!r}"
        )
    if len(runs) == 1 and isinstance(runs[0], list | tuple):
        runs = tuple(runs[0])
    found = [*candidates(runs, metric)]
    shared = _shared(found, metric)
    direction = mode if mode != "auto" else _direction(found, shared)
    told = compare_runs(found, shared, direction)
    return replace(told, sentences=tuple(sentences(told)))


def heard(told: Comparison, style: Style) -> list[tuple[int, Note]]:
    """Return what a comparison sounds like: notes, each after the number of its run.

    Args:
        told: What `compare` returned.
        style: How it sounds.
    """
    notes = sweep_notes if told.is_sweep else comparison_notes
    return [*notes(told, style)]


def _shared(found: Sequence[Candidate], asked: str | None) -> str:
    """Return the metric by which runs are compared.

    Raises:
        LogError: If there is none, or there are not enough runs.
    """
    of_most = len(found) > MOST_RUNS
    empty = [each.name for each in found if not each.courses and not each.has_failed]
    if len(found) < _FEWEST:
        raise LogError(f"`runs` must be at least two. Received: {len(found)}")
    if not asked and empty and not of_most:
        raise LogError(f"{listed(empty)} holds no value of a metric yet.")
    shared = asked or shared_metric(found, of_most=of_most)
    having = [each for each in found if shared and own_name(each, shared)]
    if shared and having and (of_most or len(having) == len(found) - _failed(found)):
        return shared
    if asked:
        lacking = [each.name for each in found if each not in having]
        raise LogError(
            f"`metric` (`--metric`) must be one that all runs have. Without it: "
            f"{listed(lacking)}. "
            f"Received: metric={asked!r}"
        )
    have = "; ".join(
        f"{each.name} has {listed(list(each.courses))}" for each in found[:_FEWEST]
    )
    raise LogError(f"The runs have no metric in common: {have}.")


def _failed(found: Sequence[Candidate]) -> int:
    """Return how many runs have no value because they failed."""
    return sum(each.has_failed and not each.courses for each in found)


def _direction(found: Sequence[Candidate], metric: str) -> Direction:
    """Return which way the metric improves.

    Raises:
        LogError: If nobody knows, or runs say opposite things.
    """
    ways: dict[Direction, str] = {}
    for each in found:
        name = own_name(each, metric)
        way = each.courses[name].metric.direction if name else None
        if way:
            ways.setdefault(way, each.name)
    if not ways:
        raise LogError(
            f"`mode` (`--mode`) must say whether {metric} improves as it falls "
            "('min') or as it rises ('max'): its name does not. Received: mode='auto'"
        )
    if len(ways) > 1:
        raise LogError(
            f"{metric} is to fall in {ways['min']} and to rise in {ways['max']}: they "
            "cannot be compared. `mode` (`--mode`) can say which way counts for both."
        )
    return next(iter(ways))
