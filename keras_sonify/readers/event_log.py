"""TensorBoard's event files: those of a run, side by side, on one axis."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise, zip_longest
from pathlib import Path

from keras_sonify.readers.event_file import EventFile, Scalar
from keras_sonify.readers.event_tags import Restarts, Tags, at_steps
from keras_sonify.readers.names import Names
from keras_sonify.readers.rows import LogError, Record, Row, Warn, metric_names
from keras_sonify.readers.timeline import on_axis
from keras_sonify.training.names import SIDES, read_name

_TEST = frozenset(["test"])
_SIDES = frozenset(["val", "test"])
_MOST_EPOCHS = 1000  # numbers in a row that nobody called steps


def read_events(path: Path, warn: Warn) -> Iterator[Row]:
    """Yield the rows of an event file, or of all those in a directory.

    Keras writes training and validation into two folders side by side. Scalars by
    other writers are taken as they are named: `loss/val` is `val_loss`. Several runs
    below one directory follow one another by their time.

    Args:
        path: The file or directory.
        warn: Function that is given a sentence about each damaged file.

    Raises:
        ImportError: If the `tensorboard` package is missing.
        LogError: If there is no event file, or no scalar in any.
    """
    files = event_files(path) if path.is_dir() else [path]
    if not files:
        raise LogError(
            f"{path} holds no log: there is no TensorBoard event file in it."
        )
    is_empty, names = True, Names(str(path), warn)
    for run_files in runs_of(files):
        for row in _read_run(run_files, warn):
            is_empty = False
            yield names.within(row)
    if is_empty:
        raise LogError(f"{path} holds no scalars.")


def event_files(directory: Path) -> list[Path]:
    """Return all event files below a directory."""
    return sorted(file for file in directory.rglob("*tfevents*") if file.is_file())


def runs_of(files: Iterable[Path]) -> list[list[Path]]:
    """Return event files by the run that they are of, in the order of their time."""
    runs: dict[Path, list[Path]] = {}
    for file in files:
        runs.setdefault(run_of(file), []).append(file)
    # The names of event files begin with the time, those of folders with anything.
    return sorted(runs.values(), key=lambda group: group[0].name)


def run_of(file: Path) -> Path:
    """Return the folder of the run that an event file is of."""
    return file.parent.parent if side_folder(file) in SIDES else file.parent


def side_folder(file: Path) -> str:
    """Return the name of a file's folder, as far as it may be that of a side."""
    return file.parent.name.lower()


def _read_run(files: Sequence[Path], warn: Warn) -> Iterator[Row]:
    """Yield the rows of what was written into one folder, or into its two sides."""
    folders: dict[str, list[Path]] = {}
    for file in files:
        folders.setdefault(side_folder(file), []).append(file)
    sides = [list(_trainings(folder, each, warn)) for folder, each in folders.items()]

    def tell_of_test() -> None:
        warn(f"{files[0].parent}: the values of a test at its end were left out.")

    # The last training of each side belongs to the last of the other.
    aligned = zip_longest(*(reversed(side) for side in sides), fillvalue=[])
    for by_side in reversed(list(aligned)):
        records = in_order([record for side in by_side for record in side])
        kept = without_test(numbered(records), tell_of_test)
        yield from on_axis(renamed(kept))


def _trainings(
    folder: str, files: Iterable[Path], warn: Warn
) -> Iterator[list[Record]]:
    """Yield the records of each training that was written into a folder."""
    tags, restarts, records = Tags(folder), Restarts(), list[Record]()
    for place, file in enumerate(files):
        held: list[Scalar] = []
        for scalar in EventFile(file, warn).scalars():
            if restarts.begins_with(scalar, file=place):
                yield [*records, *tags.read(at_steps(held))]
                tags, records, held = Tags(folder), [], []
            held.append(scalar)
        records += tags.read(at_steps(held))
    yield records


def in_order(records: list[Record]) -> list[Record]:
    """Return the records of both sides in the order of their places.

    What Keras tells of an epoch says not at which step: it comes after all of it.
    """
    if any(record.step is None for record in records):
        return sorted(
            records, key=lambda it: (it.epoch or 0, it.step is None, it.step or 0)
        )
    return sorted(records, key=lambda record: record.step or 0)


def numbered(records: list[Record]) -> list[Record]:
    """Return records with what their numbers are: steps, or epochs.

    Where nobody tells of epochs, numbers that follow one another are such, as people
    write them: `add_scalar("loss", loss, epoch)`.
    """
    if any(record.epoch is not None for record in records):
        return records
    steps = sorted({record.step or 0 for record in records})
    if len(steps) > _MOST_EPOCHS or any(b - a > 1 for a, b in pairwise(steps)):
        return records
    return [record._replace(epoch=record.step, step=None) for record in records]


def without_test(records: list[Record], told: Callable[[], None]) -> list[Record]:
    """Return records without what was measured when the training was over.

    Args:
        records: Those of a training.
        told: Called if there was such a test.
    """
    trained = next((it for it in reversed(records) if not _is_of(_SIDES, it)), None)
    if trained is None:
        return records
    kept = [
        record
        for record in records
        if not (_is_of(_TEST, record) and _place(record) > _place(trained))
        and not (_is_of(_SIDES, record) and (record.epoch or 0) > (trained.epoch or 0))
    ]
    if len(kept) < len(records):
        told()
    return kept


def _is_of(sides: frozenset[str], record: Record) -> bool:
    """Whether all metrics of a record are of these sides."""
    names = record.values.keys() | record.means.keys()
    return all(read_name(name).side in sides for name in names)


def _place(record: Record) -> tuple[int, int]:
    return record.epoch or 0, record.step or 0


def renamed(records: list[Record]) -> list[Record]:
    """Return records with Keras's names of the metrics."""
    used = (name for each in records for name in (*each.values, *each.means))
    names = metric_names(dict.fromkeys(used))
    return [
        record._replace(
            values={names[name]: value for name, value in record.values.items()},
            means={names[name]: value for name, value in record.means.items()},
        )
        for record in records
    ]
