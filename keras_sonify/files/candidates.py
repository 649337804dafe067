"""From paths, and from what is in memory, to runs that can be compared."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from keras_sonify.files.past import directions_of, read_about
from keras_sonify.files.process import life_of
from keras_sonify.files.running import RUNNING
from keras_sonify.readers import LogError, read_log
from keras_sonify.readers.folder import log_in
from keras_sonify.readers.in_memory import rows_of
from keras_sonify.readers.rows import window_of
from keras_sonify.readers.runs import read_runs
from keras_sonify.readers.runs_table import read_runs_table
from keras_sonify.readers.trials import TRIAL, in_order, read_trial, trials_in
from keras_sonify.rules.step_rows import recorded
from keras_sonify.training.candidates import Candidate, candidate_of
from keras_sonify.training.comparison import MOST_RUNS
from keras_sonify.training.history import History
from keras_sonify.training.record import LOG


def candidates(runs: Sequence[object], asked: str | None) -> Iterator[Candidate]:
    """Yield runs one after the other, as far as they can be compared.

    Args:
        runs: Paths of logs, of the directories of runs and of what holds several, or
            histories in memory; see `compare`.
        asked: The metric that the user named; `None` for all that may count.

    Raises:
        LogError: If a path is no log, and there are no more than nine.
        ValueError: If what is in memory is no history.
        OSError: If a log cannot be read.
    """
    named = [each for run in runs for each in _named(run)]
    if len(named) > MOST_RUNS and all(isinstance(run, Path) for _, run in named):
        # A shell sorts run10 before run9.
        named.sort(key=lambda each: in_order(Path(each[0])))
    is_alone = len(named) == 1
    for name, run in named:
        if isinstance(run, Path):
            yield from _of_path(name, run, asked, is_alone=is_alone, many=len(named))
        else:
            history = History()
            for row in rows_of(run):
                history.append(*row, window_of(row))
            yield candidate_of(name, recorded(history), asked=asked)


def _named(run: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield what was given, in its parts, each with a name."""
    if isinstance(run, str | os.PathLike):
        path = Path(run)
        parts = _runs_in(path)
        yield from (
            ((str(part), part) for part in parts)
            if parts
            else [(name or os.fspath(run), path)]
        )
    elif isinstance(run, Mapping) and run and all(map(_is_run, run.values())):
        for key, value in run.items():
            yield from _named(value, str(key))
    else:
        yield name or "a history in memory", run


def _is_run(value: object) -> bool:
    """Whether this, in a dictionary, is a run rather than the values of a metric."""
    return isinstance(value, str | os.PathLike | Mapping) or hasattr(value, "history")


def _runs_in(folder: Path) -> list[Path]:
    """Return the runs in a folder that is none itself, in their order."""
    if not folder.is_dir() or log_in(folder) or (folder / TRIAL).is_file():
        return []
    logs = [log.parent for log in folder.glob(f"*/{LOG}")]
    return trials_in(folder) or sorted(logs, key=in_order)


def _of_path(
    name: str, path: Path, asked: str | None, *, is_alone: bool, many: int
) -> Iterator[Candidate]:
    if (path / TRIAL).is_file():
        trial = read_trial(path)
        yield candidate_of(
            name,
            trial.history,
            trial.directions,
            asked=asked,
            has_failed=trial.has_failed,
            is_running=trial.is_running,
            score=trial.score,
        )
        return
    if path.is_file() and (rows := read_runs_table(path)):
        for row in rows:
            yield candidate_of(
                row.name,
                row.history,
                asked=asked,
                has_failed=row.has_failed,
                is_running=row.is_running,
            )
        return
    about = read_about(path) if path.is_dir() else {}
    running = read_about(path, RUNNING) if path.is_dir() else {}
    try:
        histories = [*read_runs(read_log(path))]
    except LogError:
        if many <= MOST_RUNS:
            raise
        histories = []  # one of many trials that failed
    several = is_alone and len(histories) > 1
    for number, history in enumerate(histories or [History()], start=1):
        if several or number == max(len(histories), 1):
            yield candidate_of(
                f"{name}, run {number}" if several else name,
                recorded(history) if len(history) else history,
                directions_of(about),
                asked=asked,
                has_failed=about.get("ending") == "crashed",
                is_running=life_of(running.get("process")) in ("alive", "paused"),
            )
