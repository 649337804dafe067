"""The note, and the timing table: what sounds when.

Notes are the middle language. Everything before them is plain floats, everything
after them arrays; the loudspeaker and the files are rendered from the same notes.
"""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TextIO

from keras_sonify.events import EventKind

Timbre = Literal["pure", "odd", "noise"]
Kind = Literal["tone", "reference", "nan", "tick", "test"] | EventKind

NOISE_GAIN_DB = -3.0  # noise is louder than a tone of its power: loudness summation


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One sound of a score. Times are seconds from the start of its file or cue.

    Attributes:
        start: When it begins, in seconds.
        duration: How long it lasts, fades included, in seconds.
        frequency_hz: Pitch in Hz; NaN for noise, which has none.
        amplitude: Peak of the cosine re full scale, 0 to 1; for noise that of a
            cosine of the same power.
        kind: What it means.
        timbre: `"pure"`, `"odd"` (weak third and fifth partial) or `"noise"`.
        pan: Place from -1 (left) to 1 (right). Mono files have no use for it.
        epoch: Zero-based epoch, as `on_epoch_end` counts; `None` for an earcon
            that belongs to no epoch.
        metric: Key in `logs`; empty for an earcon.
        value: The value that sounds; NaN where there is none.
        text: What an earcon tells, in words; goes with its first note.
    """

    start: float
    duration: float
    frequency_hz: float
    amplitude: float
    kind: Kind = "tone"
    timbre: Timbre = "pure"
    pan: float = 0.0
    epoch: int | None = None
    metric: str = ""
    value: float = math.nan
    text: str = ""

    @property
    def gain_db(self) -> float:
        """Peak level re full scale, in dBFS."""
        return 20.0 * math.log10(self.amplitude) if self.amplitude > 0 else -math.inf

    @property
    def end(self) -> float:
        """When it is over, in seconds."""
        return self.start + self.duration


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
    writer = csv.writer(out)  # ends rows as RFC 4180 has it, and so quotes either end
    writer.writerow(TABLE_HEADER)
    for file, notes in parts:
        writer.writerows(_row(file, note) for note in notes)


def _row(file: str, note: Note) -> tuple[str | int, ...]:
    pitched = math.isfinite(note.frequency_hz)
    return (
        file,
        f"{note.start:.6f}",
        f"{note.duration:.6f}",
        "" if note.epoch is None else note.epoch,
        note.metric,
        repr(note.value) if note.metric else "",
        f"{note.frequency_hz:.4f}" if pitched else "",
        f"{note.pan:.2f}",
        f"{note.gain_db:.2f}",
        note.kind,
        note.text,
    )
