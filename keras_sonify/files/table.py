"""The timing table `score.csv`: what sounds when, in which file."""

import csv
import io
import math
from collections.abc import Iterable
from typing import TextIO

from keras_sonify.score.note import Note
from keras_sonify.training.foreign import to_cell

TABLE_HEADER = (
    "file",
    "start",
    "duration",
    "epoch",
    "metric",
    "value",
    "frequency_hz",
    "pan",
    "gain_db",
    "kind",
    "text",
)


def write_table(out: TextIO, parts: Iterable[tuple[str, Iterable[Note]]]) -> None:
    """Write the timing table `score.csv`: one row per note.

    Args:
        out: Text file opened with `newline=""`.
        parts: Pairs of a file's name and its notes, in the order of the table. The
            name `live` stands for what was played; its times count from the start
            of that epoch's cue.
    """
    # Ends rows as RFC 4180 has it, and so quotes either end of line.
    csv.writer(out).writerow(TABLE_HEADER)
    out.writelines(rows_text(file, notes) for file, notes in parts)


def rows_text(file: str, notes: Iterable[Note]) -> str:
    """Return the rows of notes as `write_table` writes them.

    Args:
        file: The file in which they sound.
        notes: The notes.
    """
    out = io.StringIO(newline="")
    csv.writer(out).writerows(_row(file, note) for note in notes)
    return out.getvalue()


def _row(file: str, note: Note) -> tuple[str | int, ...]:
    pitched = math.isfinite(note.frequency_hz)
    return (
        file,
        f"{note.start:.6f}",
        f"{note.duration:.6f}",
        "" if note.epoch is None else note.epoch,
        to_cell(note.metric),
        repr(note.value) if note.metric else "",
        f"{note.frequency_hz:.4f}" if pitched else "",
        f"{note.pan:.2f}",
        f"{note.gain_db:.2f}",
        note.kind,
        to_cell(note.text),
    )
