"""The project's own trainings, the files rendered from them, and what is heard."""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import soundfile
from blind_listener import Pitch, Summary, decode_metric, decode_summary, to_cents
from ear import Sound
from table import Row, read_table

from keras_sonify import Sonifier

RATE = 44_100
KINDS = ("converging", "overfitting", "diverged", "stuck", "nan")
_LOGS = Path(__file__).parent / "trainings"

Log = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Rendered:
    """One training: its log, and the directory with all that was rendered from it.

    What was read or heard once is kept.
    """

    name: str
    log: Log
    directory: Path
    tables: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What kind of training it is, by its log."""
        return self.name.split("_")[0]

    @property
    def epochs(self) -> int:
        """How long the training was."""
        return len(self.log["loss"])

    def sound(self, name: str) -> Sound:
        """Return the frames of one of the WAV files."""
        frames, rate = soundfile.read(self.directory / f"{name}.wav")
        assert rate == RATE
        sound: Sound = frames
        return sound

    def rows(self, name: str) -> list[Row]:
        """Return what the timing table says of the epochs in one WAV file."""
        if name not in self.tables:
            rows = read_table(self.directory, f"{name}.wav")
            self.tables[name] = [row for row in rows if row.kind in ("tone", "nan")]
        return self.tables[name]

    @cached_property
    def pitches(self) -> dict[str, list[Pitch]]:
        """What is heard in each epoch in the files of `loss` and `val_loss`."""
        return {
            name: decode_metric(self.sound(name), RATE) for name in ("loss", "val_loss")
        }

    @cached_property
    def summary(self) -> Summary:
        """What is heard in `training.wav`, both channels as one."""
        return decode_summary(self.sound("training").mean(axis=1), RATE)


def expected(rows: Iterable[Row]) -> list[float]:
    """Return the pitches of these notes in cents, NaN for noise."""
    return [to_cents(row.frequency_hz) for row in rows]


def errors(heard: Sequence[Pitch], meant: Sequence[float]) -> list[float]:
    """Return the errors of the pitches in cents; assert that noise is noise."""
    assert [pitch is None or math.isnan(pitch) for pitch in heard] == [
        math.isnan(pitch) for pitch in meant
    ]
    assert None not in heard
    return [
        abs(pitch - truth)
        for pitch, truth in zip(heard, meant, strict=True)
        if pitch is not None and math.isfinite(truth)
    ]


def read_training(path: Path) -> dict[str, list[float]]:
    """Return the columns of a log of CSVLogger, without the epoch."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        name: [float(row[name]) for row in rows] for name in rows[0] if name != "epoch"
    }


def render_log(log: Log, directory: Path) -> None:
    """Write the files of a run."""
    sonifier = Sonifier(directory=directory, player=None)
    for epoch, values in enumerate(as_epochs(log)):
        sonifier.epoch(epoch, values)
    sonifier.end()


def as_epochs(log: Log) -> list[dict[str, float]]:
    """Return a log as what Keras hands to a callback, epoch by epoch."""
    return [
        dict(zip(log, values, strict=True))
        for values in zip(*log.values(), strict=True)
    ]


def read_trainings() -> dict[str, Log]:
    """Return the logs of all trainings whose kind the blind listener tells."""
    return {
        path.stem: read_training(path)
        for kind in KINDS
        for path in sorted(_LOGS.glob(f"{kind}_*.csv"))
    }


def render_all(directory: Path) -> list[Rendered]:
    """Render all trainings."""
    rendered = [
        Rendered(name, log, directory / name) for name, log in read_trainings().items()
    ]
    for training in rendered:
        render_log(training.log, training.directory)
    return rendered
