"""What a batch costs on an accelerator: JAX and PyTorch, as far as they are installed.

Prints the card's name, and microseconds a batch of whole fits without the callback, and
with `update_freq="auto"` and `"batch"`: of a small network, which waits for the host,
and of a larger one, which does not. Then what a batch costs in Keras's list of
callbacks, see `batches.py`. In turns, in under two minutes for each of the two. It
needs Keras and NumPy, no network, no sound, and writes no files.
"""

import importlib
import os
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from typing import Any

_BACKENDS = ("jax", "torch")
_MOST_SECONDS = 120  # for one backend
_FITS_SECONDS = 60.0  # of them
_SIZES = {"small (64 wide)": (64, 256), "large (4096 wide)": (4096, 2048)}
# Of a fit: what a run begins with, a tenth of a second, shall hardly count. PyTorch's
# steps are longer, and the larger network takes all of its time.
_STEPS, _EPOCHS = {"jax": 1000, "torch": 250}, 2


def main() -> None:
    """Measure on each backend, in a process of its own."""
    begun = time.monotonic()
    for backend in _BACKENDS:
        if find_spec(backend) is None:
            print(f"{backend}: not installed", flush=True)
            continue
        env = {**os.environ, "KERAS_BACKEND": backend}
        try:
            subprocess.run(
                [sys.executable, __file__, backend],
                env=env,
                timeout=_MOST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            print(f"{backend}: took more than {_MOST_SECONDS} seconds", flush=True)
    print(f"{time.monotonic() - begun:.0f} seconds in all")


def measure(backend: str) -> None:
    """Print the figures of one backend."""
    begun = time.monotonic()
    import keras

    device = card(backend)
    print(f"\n{backend} on {device}, Keras {keras.__version__}", flush=True)
    # Without an accelerator the large one would take hours.
    is_short = device == "CPU" or backend == "torch"
    sizes = dict(list(_SIZES.items())[: 1 if is_short else None])
    share = _FITS_SECONDS / len(sizes)
    for place, (name, (width, batch)) in enumerate(sizes.items()):
        fits(name, width, batch, begun + share * (place + 1))
    import batches

    batches.measure_lists(turns=3, names=("none", "'batch', no files"))


def card(backend: str) -> str:
    """Return the name of the accelerator; "CPU" if there is none."""
    library: Any = importlib.import_module(backend)
    if backend == "jax":
        device = library.devices()[0]
        return "CPU" if device.platform == "cpu" else str(device.device_kind)
    cuda = library.cuda
    return str(cuda.get_device_name(0)) if cuda.is_available() else "CPU"


def fits(name: str, width: int, batch: int, end: float) -> None:
    """Print microseconds a batch of whole fits, in turns, until it is time to end."""
    import keras
    import numpy as np
    from batches import Until

    from keras_sonify import SonifyCallback

    def sonify(update_freq: Any) -> list[Any]:  # noqa: ANN401
        return [SonifyCallback(directory=None, player=None, update_freq=update_freq)]

    keras.utils.set_random_seed(1)
    dense = [keras.layers.Dense(width, activation="relu") for _ in range(3)]
    model = keras.Sequential([keras.Input((64,)), *dense, keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    inputs = np.random.default_rng(1).normal(size=(batch, 64)).astype("float32")

    class Same(keras.utils.PyDataset):
        """The same batch again and again: what is measured is the training."""

        def __len__(self) -> int:
            return _STEPS[keras.backend.backend()]

        def __getitem__(self, index: int) -> tuple[Any, Any]:
            return inputs, inputs[:, :1]

    taken: dict[str, list[float]] = {"none": [], "'auto'": [], "'batch'": []}
    turns = -1
    while turns < 1 or (time.monotonic() < end and turns < 25):
        turns += 1
        for kind, found in taken.items():
            until = Until()
            ours = [] if kind == "none" else sonify(kind.strip("'"))
            callbacks = [*ours, until]
            model.fit(Same(), epochs=_EPOCHS, verbose=0, callbacks=callbacks)
            if turns:  # the first one compiles
                found.append(
                    until.seconds / (_EPOCHS * _STEPS[keras.backend.backend()]) * 1e6
                )
    print(f"{name}, batches of {batch}: us a batch, median (least) of {turns} turns")
    for kind, found in taken.items():
        print(f"  {kind:10} {statistics.median(found):9.1f} ({min(found):9.1f})")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(sys.argv[1])
    else:
        main()
