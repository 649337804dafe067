"""Hear a Keras model train: every epoch becomes a few short tones.

The public names are listed in `__all__`. Importing this package is light: neither
Keras nor NumPy, sounddevice or soundfile is loaded before it is needed.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keras_sonify.callback import SonifyCallback
    from keras_sonify.comparison import compare
    from keras_sonify.readers import read_log
    from keras_sonify.rules import Rules
    from keras_sonify.score.style import Style
    from keras_sonify.sonifier import Sonifier

__version__ = "0.1.0"

__all__ = ["Rules", "Sonifier", "SonifyCallback", "Style", "compare", "read_log"]

_HOMES = {
    "Rules": "keras_sonify.rules",
    "SonifyCallback": "keras_sonify.callback.callback",
    "Sonifier": "keras_sonify.sonifier",
    "Style": "keras_sonify.score.style",
    "compare": "keras_sonify.comparison",
    "read_log": "keras_sonify.readers",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name, see PEP 562
    """Fetch a public name from its module the first time it is used."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names, so that completion finds them and no others."""
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
