"""One process trains, another listens to its log as it grows, on a sound card."""

import bisect
import signal
import statistics
import textwrap
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import pytest
from ear import Heard, listen
from programs import Program
from table import Row, check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

pytestmark = pytest.mark.alone  # from a row on the disk to its cue: it is timed

EPOCHS = 5
GENEROUS = 0.5  # seconds: test machines are busy; the printed median is what counts

WRITER = f"""
import time

with open("log.csv", "w", newline="") as log:
    time.sleep(0.5)  # like CSVLogger: an empty file until the first epoch is over
    log.write("epoch,loss,val_loss\\r\\n")
    for epoch in range({EPOCHS}):
        log.write(f"{{epoch}},{{2.0 * 0.7**epoch}},{{2.1 * 0.9**epoch}}\\r\\n")
        log.flush()
        print("flushed", time.monotonic())
        time.sleep(0.8)
"""

TRAINING = f"""
import time
import keras
import numpy as np

class Report(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print("flushed", time.monotonic())
        time.sleep(0.8)

data = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", run_eagerly=True)
callbacks = [keras.callbacks.CSVLogger("log.csv"), Report()]
fit = dict(validation_data=data, epochs={EPOCHS}, verbose=0, callbacks=callbacks)
model.fit(*data, **fit)
"""

PRINTING = f"""
import sys
import time
import keras
import numpy as np

class Output:
    def __init__(self):
        self.file = open("log.csv", "w", encoding="utf-8")

    def write(self, text):
        self.file.write(text)
        self.file.flush()
        if "val_loss" in text:
            print("flushed", time.monotonic(), file=sys.__stdout__)

    def flush(self):
        pass

    def isatty(self):
        return False

class Wait(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        time.sleep(0.8)

sys.stdout = Output()
data = np.ones((8, 2), "float32"), np.ones((8, 1), "float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", run_eagerly=True)
fit = dict(validation_data=data, epochs={EPOCHS}, verbose=1, callbacks=[Wait()])
model.fit(*data, **fit)
"""

LISTEN = """
import signal
from keras_sonify.cli import main

# Whoever runs in the background ignores Ctrl-C, and so do those whom it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""

LISTEN_TO_PIPE = f"""
import os
import subprocess

# It looks every second where the file system does not tell it of changes.
tail = ["tail", "-n", "+1", "-s", "0.01", "-F", "log.csv"]
process = subprocess.Popen(tail, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
os.dup2(process.stdout.fileno(), 0)
try:
{textwrap.indent(LISTEN, "    ")}
finally:
    process.kill()
"""


def listener(source: str, log: str, directory: Path, card: VirtualCard) -> Program:
    """Start to listen to a log that is not there yet."""
    (directory / "heard").mkdir(exist_ok=True)
    arguments = ("listen", log, "-o", f"heard/{len(log)}")
    return Program(source, directory, card.env, arguments)


class Clock:
    """Notes in a thread how many frames a card has played, and when."""

    def __init__(self, card: VirtualCard) -> None:
        self._card = card
        self._times: list[float] = []
        self._frames: list[int] = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_over.wait(0.002):
            self._frames.append(self._card.frames)
            self._times.append(time.monotonic())

    def played_at(self, seconds: float) -> float:
        """Return when a moment of the recording had been played, at the latest."""
        place = bisect.bisect(self._frames, seconds * SAMPLE_RATE)
        return self._times[place]


def delays(
    written: Sequence[float],
    heard: Sequence[Heard],
    rows: Sequence[Row],
    clock: Clock,
) -> list[float]:
    """Return the seconds from each epoch's row to the onset of its cue."""
    onsets: dict[int, float] = {}
    for note, row in zip(heard, rows, strict=True):
        onsets.setdefault(row.epoch, clock.played_at(note.onset))
    return [onsets[epoch] - moment for epoch, moment in enumerate(written)]


def check_listener(
    program: Program,
    directory: Path,
    card: VirtualCard,
    clock: Clock,
    written: Sequence[float],
    *,
    of: str = "",
) -> None:
    """Assert that every epoch was told and heard, soon after its row was written.

    And told out of how many, `of`, where the log says so: a table does not.
    """
    card.wait_quiet()
    program.signal(signal.SIGINT)
    program.finish()
    card.wait_quiet()

    rows = read_table(directory, "live")
    heard = listen(card.samples(), SAMPLE_RATE)
    check_heard(heard, rows)
    assert [
        row.epoch for row in rows if row.metric == "loss" and row.kind == "tone"
    ] == (list(range(EPOCHS)))
    told = [line.split(":")[0] for line in program.lines if line.startswith("Epoch ")]
    assert told == [f"Epoch {epoch + 1}{of}" for epoch in range(EPOCHS)]
    assert program.status == 0
    assert program.warnings == []
    late = delays(written, heard[: len(rows)], rows, clock)
    median = statistics.median(late)
    each = ", ".join(f"{1e3 * delay:.0f}" for delay in late)
    print(f"From row to onset: {each} ms; median {1e3 * median:.0f} ms")  # noqa: T201 - the figure
    assert 0.0 < median < GENEROUS


def written_at(program: Program) -> list[float]:
    """Return when each row was on the disk."""
    program.finish()
    assert program.status == 0, program.output
    return [
        float(line.split()[1]) for line in program.lines if line.startswith("flushed ")
    ]


def check_both_ways(
    source: str, card: VirtualCard, tmp_path: Path, of: str = ""
) -> None:
    """Assert that what a program writes is heard, from the file and from a pipe."""
    with (
        VirtualCard() as other,
        Clock(card) as clock,
        Clock(other) as other_clock,
        listener(LISTEN, "log.csv", tmp_path, card) as file,
        listener(LISTEN_TO_PIPE, "-", tmp_path, other) as pipe,
    ):
        file.read_until("Listening to log.csv.")
        pipe.read_until("Listening to standard input.")
        with Program(source, tmp_path) as program:
            written = written_at(program)
        check_listener(file, tmp_path / "heard" / "7", card, clock, written, of=of)
        check_listener(
            pipe, tmp_path / "heard" / "1", other, other_clock, written, of=of
        )


def test_a_growing_log_is_heard(card: VirtualCard, tmp_path: Path) -> None:
    """Each epoch, as soon as its line is complete, from the file and from a pipe."""
    check_both_ways(WRITER, card, tmp_path)


def test_the_past_is_played_on_request(card: VirtualCard, tmp_path: Path) -> None:
    """Every epoch that comes at once through a pipe is heard, one after the other."""
    rows = "".join(f"{epoch},{2.0 * 0.7**epoch}\n" for epoch in range(EPOCHS))
    (tmp_path / "log.csv").write_text(f"epoch,loss\n{rows}")
    feed = 'import os\nos.dup2(os.open("log.csv", os.O_RDONLY), 0)\n'
    arguments = ("listen", "-", "-o", "sound", "--from-start")

    with Program(feed + LISTEN, tmp_path, card.env, arguments) as program:
        program.finish()
        card.wait_quiet()

    live = read_table(tmp_path / "sound", "live")
    check_heard(listen(card.samples(), SAMPLE_RATE), live)
    assert {row.epoch for row in live} == set(range(EPOCHS))


def test_a_training_is_heard_through_what_it_prints(
    card: VirtualCard, tmp_path: Path
) -> None:
    """Keras's bars in a file, followed, and through a pipe: as soon as from a table."""
    check_both_ways(PRINTING, card, tmp_path, f" of {EPOCHS}")


def test_a_training_is_heard_through_its_log(
    card: VirtualCard,
    tmp_path: Path,
) -> None:
    """A real one with `CSVLogger`, which creates the log while it is listened to."""
    with (
        Clock(card) as clock,
        Program(TRAINING, tmp_path) as training,
        listener(LISTEN, "log.csv", tmp_path, card) as file,
    ):
        written = written_at(training)
        check_listener(file, tmp_path / "heard" / "7", card, clock, written)
