"""The timing table `score.csv`, and what was heard held against it."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ear import Heard, cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One note that should be heard."""

    start: float
    duration: float
    epoch: int
    metric: str
    value: float
    frequency_hz: float
    pan: float
    gain_db: float
    kind: str
    step: int | None = None


def read_table(directory: Path, file: str) -> list[Row]:
    """Return the rows of one file in `score.csv`; `live` stands for what is played."""
    with (directory / "score.csv").open(newline="", encoding="utf-8") as table:
        return [
            Row(
                start=float(row["start"]),
                duration=float(row["duration"]),
                epoch=int(row["epoch"]),
                metric=row["metric"],
                value=float(row["value"] or "nan"),
                frequency_hz=float(row["frequency_hz"] or "nan"),
                pan=float(row["pan"]),
                gain_db=float(row["gain_db"]),
                kind=row["kind"],
                step=int(row["step"]) if row.get("step") else None,
            )
            for row in csv.DictReader(table)
            if row["file"] == file
        ]


# The figure that ends a training: C5, E5, G5, C6.
FINISHED = [
    Row(
        start=start,
        duration=duration,
        epoch=-1,
        metric="",
        value=math.nan,
        frequency_hz=frequency_hz,
        pan=0.0,
        gain_db=math.nan,
        kind="finished",
    )
    for frequency_hz, start, duration in (
        (523.3, 0.0, 0.06),
        (659.3, 0.1, 0.06),
        (784.0, 0.2, 0.06),
        (1046.5, 0.3, 0.3),
    )
]


def _partials_db(row: Row) -> float:
    """Return what the partials of a low tone add to its power, as is published."""
    share = math.log2(700.0 / row.frequency_hz) / math.log2(700.0 / 450.0)
    share = min(max(share, 0.0), 1.0) if row.metric else 0.0
    second, third, fourth = (share * 10 ** (db / 20) for db in (-8, -12, -16))
    fifth = 0.0
    if row.metric.startswith("val_"):
        third, fifth = third + 10 ** (-24 / 20), 10 ** (-30 / 20)
    return 10 * math.log10(1 + second**2 + third**2 + fourth**2 + fifth**2)


def check_heard(
    heard: Sequence[Heard],
    rows: Sequence[Row],
    *,
    live: bool = True,
) -> float:
    """Assert that exactly these notes were heard, whole and in this order.

    Args:
        heard: What the ear has made of the recording.
        rows: What should be in it.
        live: Boolean. Whether it was played: then times count from the start of each
            epoch's cue. Otherwise it is a mono file. Defaults to `True`.

    Returns:
        The largest error of a pitch, in cents.
    """
    noises = [math.isnan(row.frequency_hz) for row in rows]
    assert [note.is_noise for note in heard] == noises
    errors = [0.0]
    place, cue = None, 0.0
    for note, row in zip(heard, rows, strict=True):
        if live and place != (row.epoch, row.step):
            place, cue = (row.epoch, row.step), note.onset - row.start
        assert abs(note.onset - cue - row.start) < 0.004
        assert -0.001 < row.duration - note.duration < 0.008  # what fades hide
        assert not live or abs(note.pan - row.pan) < 0.01
        if not note.is_noise:
            # A flutter is as strong as its tone, but not at each moment alike.
            near_db = 0.2 if row.step is None else 1.0
            level_db = row.gain_db + _partials_db(row)
            is_near = abs(note.level_db - level_db) < near_db
            assert math.isnan(row.gain_db) or is_near
            errors.append(abs(cents(note.pitch_hz, row.frequency_hz)))
    assert max(errors) < 5.0
    return max(errors)


def ending_of(directory: Path) -> str:
    """Return how a run ended, as its `run.json` says."""
    about = (directory / "run.json").read_text()
    (line,) = (line for line in about.splitlines() if '"ending"' in line)
    return line.split('"')[3]
