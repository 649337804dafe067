"""The run's files, kept current in the background while it trains."""

import itertools
import os
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from keras_sonify.atomic import file_stem, remove_stale_parts, whole_file
from keras_sonify.composer import Composer, track
from keras_sonify.history import History
from keras_sonify.metrics import Metric
from keras_sonify.score import Note, write_table
from keras_sonify.style import Style, frames_in

_SHARE = 0.01  # of the time may be spent on keeping files current
_SHORTEST_PAUSE = 1.0  # seconds between two rounds, however cheap they are
_RESERVED_STEMS = ("training", "score", "index")  # the run's other files


class Recorder:
    """Keeps one WAV file per metric and the timing table current.

    Every file is rewritten whole in a daemon thread, at most once a second and so
    rarely that it takes about 1 % of the processor's time: a hundred epochs of four
    metrics every two to three seconds, a thousand every half minute. So whatever
    ends the process, the directory holds valid files.

    Args:
        directory: Where the files go; see `resolve_directory`.
        style: How they sound.
    """

    def __init__(self, directory: str, style: Style) -> None:
        self._template = directory
        self._style = style
        self._history = History()
        self._metrics: tuple[Metric, ...] = ()
        self._stems: dict[str, str] = {}
        self._taken = set(_RESERVED_STEMS)
        self._changed = threading.Condition()
        self._closing = False
        self._written = 0
        self._thread: threading.Thread | None = None
        self.directory: Path | None = None
        self.trouble: str | None = None

    @property
    def files(self) -> list[str]:
        """Names of the WAV files, in the order of a cue."""
        return [f"{stem}.wav" for stem in self._stems.values()]

    def add(
        self,
        epoch: int,
        values: Mapping[str, float],
        metrics: tuple[Metric, ...],
    ) -> None:
        """Take in one epoch; returns at once.

        Args:
            epoch: Zero-based epoch.
            values: The values that were heard.
            metrics: The metrics of the run so far, in the order of a cue.
        """
        with self._changed:
            self._metrics = metrics
            self._history.append(epoch, values)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._keep_current,
                    name="keras-sonify-recorder",
                    daemon=True,  # a thread that is none makes Ctrl-C hang
                )
                self._thread.start()
            self._changed.notify()

    def close(self, timeout: float) -> None:
        """Write what is missing, waiting at most `timeout` seconds for it."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout)

    def _keep_current(self) -> None:
        pause = 0.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing, pause)
                self._changed.wait_for(self._has_work)
                count, metrics = len(self._history), self._metrics
                closing = self._closing
            if count > self._written:
                begun = time.thread_time()
                try:
                    self._write(count, metrics)
                except Exception as error:  # noqa: BLE001 - told, never raised
                    self.trouble = f"The run's files could not be written: {error}"
                pause = max(_SHORTEST_PAUSE, (time.thread_time() - begun) / _SHARE)
            if closing:
                return

    def _has_work(self) -> bool:
        return self._closing or len(self._history) > self._written

    def _write(self, count: int, metrics: tuple[Metric, ...]) -> None:
        """Write all files for the first `count` epochs."""
        # NumPy costs 0.15 s to load: here, in the background, nobody waits for it.
        from keras_sonify.synth import render_blocks
        from keras_sonify.wav import FULL_SCALE, write_wav

        if self.directory is None:
            self.directory = resolve_directory(self._template)
            remove_stale_parts(self.directory)
        style = self._style
        composer = Composer(style)
        with (
            whole_file(self.directory / "score.csv") as part,
            part.open("w", newline="", encoding="utf-8") as out,
        ):
            live = self._replay(composer, count, metrics)
            write_table(out, self._parts(composer, live, count, metrics))
        frames = count * frames_in(style.tone, style.sample_rate)
        for metric in metrics:
            blocks = render_blocks(
                self._track(composer, metric, count),
                sample_rate=style.sample_rate,
                channels=1,
                fade=style.fade,
                total=frames,
                full_scale=FULL_SCALE,
                exact=not style.dither,
            )
            write_wav(
                self.directory / self._file(metric),
                blocks,
                frames=frames,
                sample_rate=style.sample_rate,
                channels=1,
                dither=style.dither,
            )
        self._written = count
        self.trouble = None

    def _replay(
        self,
        composer: Composer,
        count: int,
        metrics: tuple[Metric, ...],
    ) -> Iterator[Note]:
        """Yield the notes of all cues again; `composer` then knows the whole run."""
        for epoch, values in self._history.rows(count):
            yield from composer.cue(epoch, values, metrics).notes

    def _parts(
        self,
        composer: Composer,
        live: Iterator[Note],
        count: int,
        metrics: tuple[Metric, ...],
    ) -> Iterator[tuple[str, Iterator[Note]]]:
        yield "live", live
        for metric in metrics:
            yield self._file(metric), self._track(composer, metric, count)

    def _track(self, composer: Composer, metric: Metric, count: int) -> Iterator[Note]:
        values = self._history.series(metric.name, count)
        return track(metric, values, composer.span(metric), self._style)

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
    for run in itertools.count(1):
        numbered = Path(path.replace("{run}", str(run)))
        numbered.parent.mkdir(parents=True, exist_ok=True)
        try:
            numbered.mkdir()
        except FileExistsError:
            continue
        return numbered
    raise AssertionError  # pragma: no cover - count() does not end
