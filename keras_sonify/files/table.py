"""The timing table `score.csv`: what sounds when, in which file."""

import csv
import io
import math
from collections.abc import Iterable
from typing import TextIO

from keras_sonify.score.note import Note
from keras_sonify.training.axis import EPOCHS, Axis
from keras_sonify.training.foreign import to_cell

TABLE_HEADER = (
    "file",
    "start",
    "duration",
    EPOCHS.unit,
    "metric",
    "value",
    "frequency_hz",
    "pan",
    "gain_db",
    "kind",
    "text",
)
_PLACES = TABLE_HEADER.index(EPOCHS.unit) + 1  # before which columns places stand


def table_header(axis: Axis = EPOCHS) -> tuple[str, ...]:
    """Return the names of the columns: of a run in steps, `step` besides."""
    if axis is EPOCHS:
        return TABLE_HEADER
    return (*TABLE_HEADER[:_PLACES], axis.unit, *TABLE_HEADER[_PLACES:])


def write_table(
    out: TextIO,
    parts: Iterable[tuple[str, Iterable[Note]]],
    axis: Axis = EPOCHS,
) -> None:
    """Write the timing table `score.csv`: one row per note.

    Args:
        out: Text file opened with `newline=""`.
        parts: Pairs of a file's name and its notes, in the order of the table. The
            name `live` stands for what was played; its times count from the start
            of that point's cue.
        axis: What the run counts. Defaults to epochs.
    """
    # Ends rows as RFC 4180 has it, and so quotes either end of line.
    csv.writer(out).writerow(table_header(axis))
    out.writelines(rows_text(file, notes, axis) for file, notes in parts)


def rows_text(file: str, notes: Iterable[Note], axis: Axis = EPOCHS) -> str:
    """Return the rows of notes as `write_table` writes them.

    Args:
        file: The file in which they sound.
        notes: The notes.
        axis: What the run counts. Defaults to epochs.
    """
    out = io.StringIO(newline="")
    csv.writer(out).writerows(_row(file, note, axis) for note in notes)
    return out.getvalue()


def _row(file: str, note: Note, axis: Axis) -> tuple[str | int, ...]:
    pitched = math.isfinite(note.frequency_hz)
    places = [note.epoch] if axis is EPOCHS else [note.epoch, note.step]
    return (
        file,
        f"{note.start:.6f}",
        f"{note.duration:.6f}",
        *("" if place is None else place for place in places),
        to_cell(note.metric),
        repr(note.value) if note.metric else "",
        f"{note.frequency_hz:.4f}" if pitched else "",
        f"{note.pan:.2f}",
        f"{note.gain_db:.2f}",
        note.kind,
        to_cell(note.text or note.word),
    )
