"""Ten million batches through a callback, live: `python benchmarks/soak.py [COUNT]`.

Calls Keras's `CallbackList` as `fit` does, without a network between, on a virtual
sound card. Prints memory and cues on the way, how long the end takes, and whether the
files hold all steps.
"""

import csv
import math
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from virtual_card import VirtualCard

_BATCHES, _LOOKS = 10_000_000, 10
_NOISES = 10_007  # of them, again and again: a prime, so that nothing repeats in step


def _resident_mb(card: VirtualCard) -> float:
    """Return the memory of this process without the recording that the card keeps."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return (int(pages) * 4096 - len(card._recorded)) / 1e6  # noqa: SLF001 - see above


def _train(folder: Path, batches: int, card: VirtualCard) -> None:
    import keras

    from keras_sonify import SonifyCallback

    chance = random.Random(0)
    noises = [math.exp(chance.gauss(0.0, 0.08)) for _ in range(_NOISES)]
    sonify = SonifyCallback(directory=folder, update_freq="batch")
    callbacks = keras.callbacks.CallbackList([sonify], model=keras.Model())
    callbacks.on_train_begin()
    callbacks.on_epoch_begin(0)
    begun, cpu = time.monotonic(), time.process_time()
    for batch in range(batches):
        loss = (1.8 + 1.2 * math.exp(-5.0 * batch / batches)) * noises[batch % _NOISES]
        callbacks.on_train_batch_end(batch, {"loss": loss})
        if batch % (batches // _LOOKS) == 0:
            run: Any = sonify.sonifier._run  # noqa: SLF001 - what it played
            player = run.outputs[-1]
            print(
                f"{batch:>10} batches {time.monotonic() - begun:6.0f} s "
                f"{_resident_mb(card):6.0f} MB {player.played:4} cues played",
                flush=True,
            )
    used = (time.process_time() - cpu) / batches * 1e6
    print(f"{used:.1f} us of the processor's time a batch, the loop included")
    callbacks.on_epoch_end(0, {"loss": 2.0})
    begun = time.monotonic()
    callbacks.on_train_end()
    print(f"end: {time.monotonic() - begun:.2f} s, {_resident_mb(card):.0f} MB")
    with (folder / "log.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    steps = sum(int(row["steps"]) for row in rows)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"log.csv: {len(rows)} rows, {steps} steps; all files {size / 1e6:.1f} MB")
    print("files:", ", ".join(sorted(path.name for path in folder.iterdir())))


def main() -> None:
    """Run once and print."""
    batches = int(sys.argv[1]) if len(sys.argv) > 1 else _BATCHES
    with VirtualCard() as card, tempfile.TemporaryDirectory() as folder:
        os.environ.update(card.env)
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        _train(Path(folder, "run"), batches, card)


if __name__ == "__main__":
    main()
