"""How fast a log is read, in how much memory, and how soon the command line answers.

Prints rows per second and peak memory of `read_log` for logs of ten thousand to a
million rows, and for what Keras prints in as many lines, each read by a process of its
own, and the wall time of
`keras-sonify --help`, `describe` and `render` of a training of 100 epochs.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_ROWS = (10_000, 100_000, 1_000_000)
_EPOCHS, _TURNS = 100, 9

_READ = """
import resource
import sys
import time
from keras_sonify import read_log

begun = time.perf_counter()
count = sum(1 for _ in read_log(sys.argv[1]))
seconds = time.perf_counter() - begun
print(count / seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def _write_log(path: Path, rows: int) -> None:
    """Write what `CSVLogger` would, for a loss and an accuracy with their twins."""
    with path.open("w", newline="") as log:
        log.write("epoch,accuracy,loss,val_accuracy,val_loss\r\n")
        for epoch in range(rows):
            loss = 2.0 / (epoch + 1.5)
            values = (1 / (1 + loss), loss, 1 / (1.25 + loss), 1.25 * loss)
            log.write(f"{epoch},{','.join(map(repr, values))}\r\n")


def _write_console(path: Path, lines: int) -> None:
    """Write what Keras prints with `verbose=1`: an epoch in ten lines."""
    with path.open("w", newline="") as log:
        for epoch in range(lines // 10):
            loss = 2.0 / (epoch + 1.5)
            log.write(f"Epoch {epoch + 1}/{lines // 10}\n")
            for step in range(1, 9):
                bar = "=" * step + "." * (8 - step)
                log.write(f"\r{step}/8 [{bar}] - ETA: 1s - loss: {loss:.4f}")
            end = f"loss: {loss:.4f} - val_loss: {1.25 * loss:.4f}"
            log.write(f"\r8/8 [========] - 1s 9ms/step - {end}\n")


def _wall_seconds(arguments: Sequence[str | Path]) -> float:
    """Return the median time of a command."""
    taken = []
    for _ in range(_TURNS):
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "keras_sonify", *arguments],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as directory:
        log = Path(directory, "log.csv")
        for kind, write in (("rows", _write_log), ("lines", _write_console)):
            for count in _ROWS:
                write(log, count)
                done = subprocess.run(
                    [sys.executable, "-c", _READ, log],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                speed, memory = map(float, done.stdout.split())
                print(
                    f"{count:9,} {kind}, {log.stat().st_size / 1e6:6.1f} MB: "
                    f"{speed:,.0f} epochs per second, peak memory {memory:.1f} MB",
                )
        _write_log(log, _EPOCHS)
        sound = Path(directory, "sound")
        commands: dict[str, Sequence[str | Path]] = {
            "--help": ["--help"],
            f"describe, {_EPOCHS} epochs": ["describe", log],
            f"render, {_EPOCHS} epochs": ["render", log, "-o", sound],
        }
        for name, arguments in commands.items():
            milliseconds = _wall_seconds(arguments) * 1e3
            print(f"keras-sonify {name}: {milliseconds:.0f} ms (median of {_TURNS})")


if __name__ == "__main__":
    main()
