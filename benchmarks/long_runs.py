"""What a very long run costs: memory, disk, its end, and to make its files again.

Prints for 100 000 epochs of four metrics at full speed: the time of an epoch, resident
memory on the way, how long `end` takes, how large the directory is, and how long
`keras-sonify render` needs for the same log.
"""

import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from keras_sonify import Sonifier

_EPOCHS = 100_000
_LOOKS = (2_000, 20_000, 50_000, _EPOCHS)


def _values(epoch: int) -> dict[str, float]:
    fall = 0.9999**epoch
    return {
        "loss": 2.0 * fall + 0.01 * math.sin(epoch),
        "val_loss": 2.2 * fall + 0.02 * math.sin(1.3 * epoch),
        "accuracy": 1.0 - 0.9 * fall,
        "val_accuracy": 0.95 - 0.9 * fall,
    }


def _resident_mb() -> float:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096 / 1e6


def main() -> None:
    """Run once and print."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder, "run")
        sonifier = Sonifier(directory=directory, player=None)
        sonifier.epoch(0, _values(0))
        time.sleep(2.0)  # the first round has loaded all libraries
        begun = time.perf_counter()
        for epoch in range(1, _EPOCHS):
            sonifier.epoch(epoch, _values(epoch))
            if epoch + 1 in _LOOKS:
                print(f"after {epoch + 1} epochs: {_resident_mb():.0f} MB resident")
        taken = time.perf_counter() - begun
        print(f"an epoch: {taken / _EPOCHS * 1e6:.0f} us")
        begun = time.perf_counter()
        sonifier.end()
        print(f"end: {time.perf_counter() - begun:.1f} s, {sonifier.file_trouble}")
        size = sum(path.stat().st_size for path in directory.iterdir())
        rows = len((directory / "log.csv").read_text().splitlines()) - 1
        print(f"directory: {size / 1e6:.0f} MB, {rows} epochs in log.csv")
        begun = time.perf_counter()
        command = [sys.executable, "-m", "keras_sonify", "render", str(directory)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        print(f"render: {time.perf_counter() - begun:.1f} s")


main()
