"""Where the wheel is tried: backends, the lowest versions, other Pythons, extras."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

# keras-tuner forgets to ask for six, and beside TensorFlow for TensorBoard.
_BESIDE = ("keras-tuner", "six", "scikit-learn")
# PyTorch of PyPI is gigabytes on Linux: this names another requirement, of a CPU build.
_TORCH = os.environ.get("MATRIX_TORCH", "torch==2.13.0")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tests run.

    Attributes:
        name: Of its column.
        packages: What it holds besides the wheel and what that needs.
        settings: Environment variables.
        extras: Of the wheel.
        python: Its version; the oldest one by default.
        home: Name of its folder, where it is shared. Defaults to its name.
        is_lowest: Whether all versions are the lowest that `pyproject.toml` allows.
        tests: The files of `tests/matrix` that run there. Defaults to all.
        is_promised: Whether it is a failure if it cannot be had.
    """

    name: str
    packages: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    extras: str = ""
    python: str = "3.11"
    home: str = ""
    is_lowest: bool = False
    tests: str = "test_*.py"
    is_promised: bool = True

    @property
    def folder(self) -> str:
        """Name of its folder."""
        return self.home or self.name.replace(" ", "_").lower()


_ON_TENSORFLOW = {"KERAS_BACKEND": "tensorflow"}
PLACES = (
    Place(
        "TensorFlow",
        ("tf_keras", *_BESIDE),
        _ON_TENSORFLOW,
        "tensorflow,tensorboard",
    ),
    Place("JAX", ("jax", "keras", *_BESIDE), {"KERAS_BACKEND": "jax"}),
    Place("PyTorch", (_TORCH, "keras", *_BESIDE), {"KERAS_BACKEND": "torch"}),
    Place("tf_keras", settings={"TF_USE_LEGACY_KERAS": "1"}, home="tensorflow"),
    Place("Lowest", ("keras>=3",), _ON_TENSORFLOW, is_lowest=True),
    Place(
        "Python 3.12",
        ("jax", "keras"),
        {"KERAS_BACKEND": "jax"},
        python="3.12",
        tests="test_lifecycle.py",
        is_promised=False,
    ),
    Place(
        "Python 3.13",
        (),
        _ON_TENSORFLOW,
        "tensorflow",
        python="3.13",
        tests="test_lifecycle.py",
        is_promised=False,
    ),
)

_PAGE = """
from urllib.request import urlopen
from keras_sonify.live.browser import browser_outlet
outlet = browser_outlet()
assert outlet.address, outlet.trouble
assert urlopen(outlet.address).status == 200
"""
_EVENTS = """
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from keras_sonify import read_log
writer = EventFileWriter("events")
for step, loss in enumerate([1.0, 0.5]):
    value = Summary.Value(tag="epoch_loss", simple_value=loss)
    writer.add_event(Event(wall_time=step, step=step, summary=Summary(value=[value])))
writer.close()
assert [list(values.values()) for _, values in read_log("events")] == [[1.0], [0.5]]
"""
_RUN = """
from keras_sonify import Sonifier
sonifier = Sonifier(directory="run", player=None)
sonifier.epoch(0, {"loss": 1.0})
print(*sonifier.end())
"""
_PICTURE = (
    _RUN
    + """
import subprocess, sys
command = ["-P", "-m", "keras_sonify", "plot", "run", "-o", "run.png"]
subprocess.run([sys.executable, *command], check=True)
"""
)
# What each extra is for, done by itself; that of `tensorflow` is a place of its own.
EXTRAS = {
    "none": _RUN,
    "plot": _PICTURE,
    "web": _PAGE,
    "tensorboard": _EVENTS,
    "notebook": "from keras_sonify.live.widget import RunWidget\nRunWidget()",
}
