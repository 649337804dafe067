"""One reader for any log: what it is, is told by its content, not by its name."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from keras_sonify.readers.folder import log_in
from keras_sonify.readers.kinds import LineReader, readers_of
from keras_sonify.readers.line_log import LineLog
from keras_sonify.readers.mlflow_run import is_mlflow_run, read_mlflow_run
from keras_sonify.readers.rows import EpochCounter, Row, Warn
from keras_sonify.training.foreign import shown
from keras_sonify.training.warn import warn as warn_user

_EVENT_MARK = b"brain.Event:"  # in the first record of a TensorBoard event file
_MARK_WITHIN = 256  # bytes from its beginning
_PIECE = 2**20  # bytes or characters that are taken at once of a longer line


def read_log(
    source: str | os.PathLike[str] | IO[Any],
    *,
    warn: Warn = warn_user,
) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield what `on_epoch_end` was given, epoch by epoch, from a log of it.

    Understood are files of Keras's `CSVLogger` and other tables with a header (any
    separator, pandas' or Lightning's too), what Keras prints while it trains, and what
    others print if it names epochs and numbers, a saved `History.history`, JSON lines,
    Hugging Face's `trainer_state.json`, TensorBoard event files or the directory that
    holds them, the folder of a run of MLflow, and the directory of a run of ours, or
    that into which Lightning or a Hugging Face trainer writes: its newest log. What a
    log is, is told by its content. It is read as a stream: memory does not grow with
    a table's length.

    A log that tells steps is told in steps where several of them lie in an epoch, or
    where there is hardly an epoch; else in epochs, the mean of the steps of each.

    Neither pandas nor Keras nor TensorFlow is needed; event files need the
    `tensorboard` package: `pip install 'keras_sonify[tensorboard]'`.

    Args:
        source: Path of a file or directory, or an open file, text or binary.
        warn: Function that is given a sentence about each kind of damage in the log,
            with the line. Defaults to `warnings.warn`.

    Yields:
        Pairs of the zero-based epoch and a dictionary from metric to value. Values
        that are absent in the log (`NA`) are absent; `nan` and `inf` are values. A
        log that was appended to holds several runs: one begins where the epoch
        falls back. Of a log that is told in steps, pairs of the step, as the log
        counts it, and what was measured there; such a pair has a `window`, which says
        in which epoch it lies (`window.epoch`) and whether that ends with it
        (`window.ends_epoch`). What is told of a whole epoch is called `epoch_loss`.

    Raises:
        LogError: If it is no log.
        OSError: If it cannot be read.

    Example:

    ```python
    for epoch, logs in read_log("model_log.csv"):
        print(epoch, logs["loss"])
    ```
    """
    yield from EpochCounter().count(_rows(source, warn))


def _rows(source: str | os.PathLike[str] | IO[Any], warn_raw: Warn) -> Iterator[Row]:
    def warn(message: str) -> None:
        warn_raw(shown(message))  # the log's own name may be anything

    if not isinstance(source, str | os.PathLike):
        yield from _read_lines(source, str(getattr(source, "name", "the log")), warn)
        return
    path = Path(source)
    if path.is_dir():
        path = log_in(path) or path
    if is_mlflow_run(path):
        yield from read_mlflow_run(path, warn)
        return
    is_events = path.is_dir()
    if not is_events:
        with path.open("rb") as file:
            # Looked at, not read: what comes from a pipe comes only once.
            is_events = _EVENT_MARK in file.peek(_MARK_WITHIN)[:_MARK_WITHIN]
            if not is_events:
                yield from _read_lines(file, path.name, warn, readers_of(path))
    if is_events:
        from keras_sonify.readers.event_log import read_events

        yield from read_events(path, warn)


def _read_lines(
    file: IO[Any],
    name: str,
    warn: Warn,
    readers: Sequence[type[LineReader]] | None = None,
) -> Iterator[Row]:
    log = LineLog(name, warn, readers)
    while piece := file.readline(_PIECE):
        yield from log.feed(piece)
    yield from log.finish()
