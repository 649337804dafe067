"""The files of a run: a WAV file per metric, the summary, the table, and the page."""

import itertools
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from keras_sonify.files.atomic import file_stem, remove_stale_parts, whole_file
from keras_sonify.files.table import write_table
from keras_sonify.page.report import RunPage
from keras_sonify.score.composer import Composer
from keras_sonify.score.note import Note
from keras_sonify.score.style import Style, frames_in
from keras_sonify.score.summary import lay_out, summary, summary_parts, voiced
from keras_sonify.score.tones import metric_notes
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot

SUMMARY_FILE = "training.wav"
TABLE = "score.csv"
PAGE = "index.html"
_RESERVED_STEMS = ("training", "score", "index")  # the run's other files


@dataclass(frozen=True, slots=True)
class _Track:
    """One WAV file: its notes can be had again and again, from the first."""

    name: str
    notes: Callable[[], Iterator[Note]]
    frames: int
    channels: int


class RunFiles:
    """Writes the files of one run, whole, as often as wanted.

    Args:
        template: Directory; see `resolve_directory`. It is made by the first `write`.
        style: How they sound.
        asked: Metrics that the user named. Defaults to `()`.

    Attributes:
        directory: Where the files are, once they have been written.
        summary: The notes of `training.wav`.
    """

    def __init__(self, template: str, style: Style, asked: Sequence[str] = ()) -> None:
        self._template = template
        self._style = style
        self._asked = asked
        self._page = RunPage(style, asked)
        self._stems: dict[str, str] = {}
        self._metrics: list[Metric] = []
        self._taken = set(_RESERVED_STEMS)
        self.directory: Path | None = None
        self.summary: tuple[Note, ...] = ()

    @property
    def names(self) -> list[str]:
        """Names of all files, the summary first."""
        return [SUMMARY_FILE, *map(self._file, self._metrics), TABLE, PAGE]

    def write(self, snapshot: Snapshot) -> None:
        """Write all files of a run so far.

        Args:
            snapshot: The run, of at least one epoch. Metrics without any value get no
                file.

        Raises:
            OSError: If a file could not be written. Files that were there before
                stay as they were.
        """
        # NumPy costs 0.15 s to load: nobody waits for it before the first file.
        from keras_sonify.sound.synth import render_blocks
        from keras_sonify.sound.wav import FULL_SCALE, write_wav

        metrics = snapshot.valued
        if not metrics:
            return
        self._metrics = metrics
        if self.directory is None:
            self.directory = resolve_directory(self._template)
            remove_stale_parts(self.directory)
        style = self._style
        # Playing all cues again shows the composer the whole run: its ranges are
        # then those that the files are on.
        composer = Composer(style)
        tracks: list[_Track] = []

        def parts() -> Iterator[tuple[str, Iterator[Note]]]:
            cues = self._page.listen(snapshot, composer)
            yield "live", itertools.chain.from_iterable(cue.notes for cue in cues)
            tracks.extend(self._tracks(snapshot, composer))
            yield from ((file.name, file.notes()) for file in tracks)

        with ExitStack() as stack:  # at its end all files take their places
            table = stack.enter_context(whole_file(self.directory / TABLE))
            with table.open(
                "w",
                newline="",
                encoding="utf-8",
                errors="backslashreplace",  # a name may hold half a character
            ) as out:
                write_table(out, parts())
            for file in tracks:
                blocks = render_blocks(
                    file.notes(),
                    sample_rate=style.sample_rate,
                    channels=file.channels,
                    fade=style.fade,
                    total=file.frames,
                    full_scale=FULL_SCALE,
                    exact=not style.dither,
                )
                write_wav(
                    stack.enter_context(whole_file(self.directory / file.name)),
                    blocks,
                    frames=file.frames,
                    sample_rate=style.sample_rate,
                    channels=file.channels,
                    dither=style.dither,
                )
            page = stack.enter_context(whole_file(self.directory / PAGE))
            page.write_text(self._page.html(snapshot, composer), encoding="utf-8")

    def _tracks(self, snapshot: Snapshot, composer: Composer) -> Iterator[_Track]:
        """Yield the WAV files; `composer` must have heard the run by then."""
        style, history, count = self._style, snapshot.history, snapshot.count
        slot = frames_in(style.tone, style.sample_rate)

        def notes(metric: Metric) -> Iterator[Note]:
            values = history.series(metric.name, count)
            return metric_notes(metric, values, composer.span(metric), style)

        for metric in snapshot.valued:
            name = self._file(metric)
            yield _Track(name, partial(notes, metric), frames=count * slot, channels=1)
        spans = {metric.name: composer.span(metric) for metric in snapshot.valued}
        parts = voiced(snapshot, summary_parts(snapshot.valued, self._asked), spans)
        grid = lay_out(count, len(parts), style)
        self.summary = tuple(summary(parts, grid, style, snapshot.sounded))
        yield _Track(SUMMARY_FILE, lambda: iter(self.summary), grid.frames, channels=2)

    def _file(self, metric: Metric) -> str:
        if metric.name not in self._stems:
            self._stems[metric.name] = file_stem(metric.name, self._taken)
        return f"{self._stems[metric.name]}.wav"


def resolve_directory(template: str) -> Path:
    """Make the run's directory and its parents, and return it.

    Args:
        template: Path. `{time}` becomes the local time, `{run}` the first number
            from 1 whose directory does not exist yet, so that runs do not overwrite
            one another.

    Raises:
        OSError: If it cannot be made.
    """
    path = os.path.expanduser(template)  # noqa: PTH111 - still a template, no path
    path = path.replace("{time}", time.strftime("%Y-%m-%d_%H-%M-%S"))
    if "{run}" not in path:
        Path(path).mkdir(parents=True, exist_ok=True)
        return Path(path)
    run = 1
    while True:
        numbered = Path(path.replace("{run}", str(run)))
        numbered.parent.mkdir(parents=True, exist_ok=True)
        try:
            numbered.mkdir()
        except FileExistsError:
            run += 1
        else:
            return numbered
