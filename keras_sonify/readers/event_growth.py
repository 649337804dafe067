"""TensorBoard's event files as a training writes them: the newest run of a folder."""

from pathlib import Path

from keras_sonify.readers.event_file import EventFile, Scalar
from keras_sonify.readers.event_log import (
    event_files,
    in_order,
    run_of,
    runs_of,
    side_folder,
)
from keras_sonify.readers.event_tags import Restarts, Tags
from keras_sonify.readers.final_test import FinalTest
from keras_sonify.readers.names import Names
from keras_sonify.readers.rows import Record, Row, Warn, metric_names
from keras_sonify.readers.timeline import Timeline
from keras_sonify.training.names import read_name


class GrowingEvents:
    """Gives out the rows of the newest run below a folder, as they are written.

    Its writers write side by side, and not at once: what one tells of a step that the
    other has left behind is told with what is told next. A run that begins after it
    takes its place.

    Args:
        folder: The folder.
        warn: Function that is given a sentence about each damaged file.
    """

    def __init__(self, folder: Path, warn: Warn) -> None:
        self._folder = folder
        self._warn = warn
        self._run: Path | None = None
        self._sides: dict[str, _Side] = {}
        self._training = _Training()
        self._limits = Names(str(folder), warn)

    def scan(self) -> list[Row]:
        """Look for new files; return the rows that a run before them still had."""
        runs = runs_of(event_files(self._folder))
        rows: list[Row] = []
        if runs and run_of(runs[-1][0]) != self._run:
            rows = self._begin()
            self._run, self._sides = run_of(runs[-1][0]), {}
        for file in runs[-1] if runs else ():
            name = side_folder(file)
            side = self._sides.setdefault(name, _Side(name))
            side.add(file, self._warn)
        return rows

    def look(self) -> list[Row]:
        """Return the rows that are complete now."""
        rows: list[Row] = []
        records: list[Record] = []
        for side in self._sides.values():
            for is_anew, told in side.look():
                if is_anew:
                    rows += self._training.take(in_order(records))
                    rows += self._begin(side)
                    records = []
                records += told
        rows += self._training.take(in_order(records))
        return [*map(self._limits.within, rows)]

    def settle(self) -> list[Row]:
        """Return what can be told already, since nothing has come for a while."""
        return [*map(self._limits.within, self._training.settle())]

    def finish(self) -> list[Row]:
        """Return the rows that only the end completes."""
        return [*map(self._limits.within, self._training.finish())]

    def _begin(self, first: "_Side | None" = None) -> list[Row]:
        """Begin another training; return what the one before still had.

        Args:
            first: The side that has begun with it. Defaults to none of them.
        """
        rows = self._training.finish()
        self._training = _Training()
        for side in self._sides.values():
            if side is not first:
                side.begin()
        return rows


class _Side:
    """The files of one folder of a run, one after the other.

    Args:
        name: Name of the folder.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._files: dict[Path, EventFile] = {}
        self.begin()

    def begin(self) -> None:
        """Begin another training."""
        self._tags, self._restarts = Tags(self._name), Restarts()

    def add(self, file: Path, warn: Warn) -> None:
        """Take in a file that is there, if it is new."""
        if file not in self._files:
            self._files[file] = EventFile(file, warn, is_growing=True)

    def look(self) -> list[tuple[bool, list[Record]]]:
        """Return what has come, and whether another training begins with it."""
        parts: list[tuple[bool, list[Record]]] = []
        is_anew = False
        for place, file in enumerate(self._files.values()):
            held: list[Scalar] = []
            for scalar in file.scalars():
                if self._restarts.begins_with(scalar, file=place):
                    parts.append((is_anew, self._tags.read(held)))
                    is_anew, held = True, []
                    self._tags = Tags(self._name)
                held.append(scalar)
            parts.append((is_anew, self._tags.read(held)))
            is_anew = False
        return parts


class _Training:
    """Puts the records of a training on its axis as they come, under Keras's names."""

    def __init__(self) -> None:
        self._timeline = Timeline()
        self._test = FinalTest()
        self._names: dict[str, str] = {}
        self._held: list[Record] = []  # until it is known what their numbers are
        self._are_epochs: bool | None = None
        self._step = self._epoch = -1

    def take(self, records: list[Record]) -> list[Row]:
        """Take in records; return the rows that are complete now."""
        rows: list[Row] = []
        for record in records:
            names = record.values.keys() | record.means.keys()
            is_of_test = all(read_name(name).side == "test" for name in names)
            for kept in self._test.add(record, is_of_test=is_of_test):
                for known in self._numbered(kept):
                    rows += self._timeline.add(self._named(self._placed(known)))
        return rows

    def settle(self) -> list[Row]:
        """Return what can be told already."""
        return self._timeline.settle()

    def finish(self) -> list[Row]:
        """Return the last rows."""
        held, self._held = self._held, []
        rows: list[Row] = []
        for record in map(_as_epoch, held):  # there was a single number
            rows += self._timeline.add(self._named(record))
        return [*rows, *self._timeline.finish()]

    def _numbered(self, record: Record) -> list[Record]:
        """Return the records of which it is known now whether they tell steps.

        Where nobody tells of epochs, the second number says it: epochs are counted one
        by one.
        """
        if record.epoch is not None or record.step is None:
            self._are_epochs = False
        self._held.append(record)
        if self._are_epochs is None:
            numbers = {each.step or 0 for each in self._held}
            if len(numbers) == 1:
                return []
            self._are_epochs = max(numbers) - min(numbers) == 1
        held, self._held = self._held, []
        return [*map(_as_epoch, held)] if self._are_epochs else held

    def _placed(self, record: Record) -> Record:
        """Return a record where it can still be told."""
        if record.step is not None and record.step < self._step:
            record = record._replace(step=None, epoch=None)
        if record.epoch is not None and record.epoch < self._epoch:
            record = record._replace(epoch=None, ends_epoch=False)
        self._step = max(self._step, -1 if record.step is None else record.step)
        self._epoch = max(self._epoch, -1 if record.epoch is None else record.epoch)
        return record

    def _named(self, record: Record) -> Record:
        """Return a record with Keras's names; what had one first keeps it."""
        raw = [*record.values, *record.means]
        if not self._names.keys() >= set(raw):
            told = metric_names(dict.fromkeys([*self._names, *raw]))
            for name in raw:
                is_taken = told[name] in self._names.values()
                self._names.setdefault(name, name if is_taken else told[name])
        return record._replace(
            values={self._names[name]: value for name, value in record.values.items()},
            means={self._names[name]: value for name, value in record.means.items()},
        )


def _as_epoch(record: Record) -> Record:
    """Return a record whose number is that of an epoch."""
    return record._replace(epoch=record.step, step=None, takes_means=False)
