"""The files that are made from a run: its sounds, the table, and the page."""

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from keras_sonify.files.atomic import file_stem, remove_stale_parts, whole_file
from keras_sonify.files.directory import RunDirectory
from keras_sonify.files.sound_file import write_sound
from keras_sonify.files.table import rows_text, table_header, write_table
from keras_sonify.page.report import RunPage
from keras_sonify.score.heard import Heard, replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.note import Note
from keras_sonify.training.axis import EPOCHS, STEPS
from keras_sonify.training.metrics import Metric
from keras_sonify.training.points import MOST_POINTS
from keras_sonify.training.record import Snapshot

SUMMARY_FILE = "training.wav"
TABLE = "score.csv"
PAGE = "index.html"
_RESERVED_STEMS = ("training", "score", "index")  # the run's other files
_MOST_ROWS = 1_000_000  # of a former table, in which names of files are looked for


@dataclass(frozen=True, slots=True)
class _WavFile:
    """One WAV file: its notes can be had again and again, from the first."""

    name: str
    notes: Callable[[], Iterator[Note]]
    frames: int
    channels: int


class RunFiles:
    """Writes the files of one run, whole, as often as wanted.

    Args:
        directory: Where they go. It is made by the first `write`.
        hearing: How the run is heard.
        step: Called again and again while `write` gets on. Defaults to nothing.

    Attributes:
        summary: The notes of `training.wav`.
        written: How many epochs each file holds, by name.
    """

    def __init__(
        self,
        directory: RunDirectory,
        hearing: Hearing,
        step: Callable[[], object] = lambda: None,
    ) -> None:
        self._directory = directory
        self._hearing = hearing
        self._step = step
        self._page = RunPage(hearing, step)
        self._stems: dict[str, str] = {}
        self._metrics: tuple[Metric, ...] = ()
        self._taken = set(_RESERVED_STEMS)
        self._former: frozenset[str] | None = None
        self._row_metrics: Sequence[Metric] = ()
        self._rows: list[str] = []
        self.summary: tuple[Note, ...] = ()
        self.written: dict[str, int] = {}

    @property
    def directory(self) -> Path | None:
        """Where the files are, once they have been written."""
        return self._directory.path

    @property
    def names(self) -> list[str]:
        """Names of all files, the summary first."""
        return [SUMMARY_FILE, *map(self._file, self._metrics), TABLE, PAGE]

    def write(self, snapshot: Snapshot) -> dict[str, OSError]:
        """Write all files of a run so far, the small ones first.

        Each takes its place when it is whole; one that fails costs no other.

        Args:
            snapshot: The run, of at least one epoch. Metrics without any value get no
                file.

        Returns:
            What went wrong, by the name of the file.

        Raises:
            OSError: If the directory could not be made.
        """
        if not snapshot.valued:
            return {}
        directory = self._directory.make()
        if self._former is None:
            remove_stale_parts(directory)
            self._former = _names_in(directory / TABLE)
        heard = replay(snapshot, self._hearing)
        self._metrics = heard.metrics
        failed: dict[str, OSError] = {}
        for name, write in self._writers(heard):
            try:
                with whole_file(directory / name) as part:
                    write(part)
            except OSError as error:
                failed[name] = error
            else:
                self.written[name] = snapshot.count
            self._step()
        self._remove_former(directory)
        return failed

    def _writers(self, heard: Heard) -> Iterator[tuple[str, Callable[[Path], None]]]:
        """Yield each file's name with what writes it, the most useful first."""
        self.summary = heard.summary
        whole = _WavFile(
            SUMMARY_FILE, lambda: iter(self.summary), heard.summary_frames, channels=2
        )
        yield whole.name, partial(self._write_wav, whole)
        wavs = [self._wav(heard, metric) for metric in heard.metrics]
        yield TABLE, partial(self._write_table, heard, [*wavs, whole])
        yield PAGE, partial(self._write_page, heard)
        for wav in wavs:
            yield wav.name, partial(self._write_wav, wav)

    def _wav(self, heard: Heard, metric: Metric) -> _WavFile:
        return _WavFile(
            self._file(metric),
            partial(heard.metric_notes, metric),
            frames=len(heard.points) * heard.slot_frames,
            channels=1,
        )

    def _write_table(self, heard: Heard, wavs: list[_WavFile], path: Path) -> None:
        with path.open(
            "w",
            newline="",
            encoding="utf-8",
            errors="backslashreplace",  # a name may hold half a character
        ) as out:
            axis = heard.run.axis
            write_table(out, (), axis)
            if len(heard.run.cued) <= MOST_POINTS:
                cues = heard.live_cues()
                out.writelines(rows_text("live", cue.notes, axis) for cue in cues)
            if not heard.points.are_windows and axis is EPOCHS:
                out.writelines(self._cue_rows(heard))  # of windows, none was played
            for wav in wavs:
                self._step()
                out.write(rows_text(wav.name, wav.notes(), axis))

    def _cue_rows(self, heard: Heard) -> Iterator[str]:
        """Yield the rows of all cues; the page hears the run with it.

        A cue does not change any more, so its rows are made once.
        """
        if self._row_metrics != heard.metrics:
            self._row_metrics, self._rows = heard.metrics, []
        for index, cue in enumerate(self._page.listening(heard)):
            self._step()
            if index < len(self._rows):
                yield self._rows[index]
                continue
            rows = rows_text("live", cue.notes, heard.run.axis)
            if index < MOST_POINTS:
                self._rows.append(rows)
            yield rows

    def _write_page(self, heard: Heard, path: Path) -> None:
        path.write_text(self._page.html(heard), encoding="utf-8")

    def _write_wav(self, wav: _WavFile, path: Path) -> None:
        write_sound(
            path,
            wav.notes(),
            self._hearing.style,
            frames=wav.frames,
            channels=wav.channels,
            step=self._step,
        )

    def _remove_former(self, directory: Path) -> None:
        """Remove the sounds of the run before this one that this one does not write."""
        for name in (self._former or frozenset()) - set(self.names):
            path = directory / name
            if name == os.path.basename(name) and path.suffix == ".wav":  # noqa: PTH119
                path.unlink(missing_ok=True)
        self._former = frozenset()

    def _file(self, metric: Metric) -> str:
        if metric.name not in self._stems:
            self._stems[metric.name] = file_stem(metric.name, self._taken)
        return f"{self._stems[metric.name]}.wav"


def _names_in(table: Path) -> frozenset[str]:
    """Return the files that a timing table names; none if it is not one of ours."""
    try:
        with table.open(newline="", encoding="utf-8", errors="replace") as file:
            rows = csv.reader(file)
            known = [list(table_header(axis)) for axis in (EPOCHS, STEPS)]
            if next(rows, None) not in known:
                return frozenset()
            return frozenset(
                row[0] for row, _ in zip(rows, range(_MOST_ROWS), strict=False) if row
            )
    except (OSError, csv.Error):
        return frozenset()
