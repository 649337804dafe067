"""What is left of a recording where each new stream loses its first second.

So do Bluetooth and HDMI, and codecs that save power, to what comes after silence.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from virtual_card import SAMPLE_RATE

Frames = npt.NDArray[np.float32]

LOUDEST_LEAD_IN = 4.1e-4  # re full scale
_LONG = 0.02  # seconds: a fade, or where a wave crosses zero, is as faint for less


def swallowed(recorded: Frames, openings: Iterable[int] = (0,)) -> Frames:
    """Return a recording without the first second of each stream that was opened.

    Args:
        recorded: What a sound card has recorded.
        openings: Frames from which on the next sound is the first of a new stream.
            Defaults to the beginning.
    """
    left = recorded.copy()
    for opening in openings:
        begun = opening + int(np.argmax(_level(recorded[opening:]) > 0.0))
        left[begun : begun + SAMPLE_RATE] = 0.0
    return left


def lead_in_seconds(recorded: Frames) -> float:
    """Return for how long next to nothing was played, all in all."""
    level = _level(recorded)
    is_faint = (level > 0.0) & (level < LOUDEST_LEAD_IN)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_faint, [0]])))
    seconds = (edges[1::2] - edges[::2]) / SAMPLE_RATE
    return float(seconds[seconds > _LONG].sum())


def _level(recorded: Frames) -> npt.NDArray[np.float32]:
    level: npt.NDArray[np.float32] = np.abs(recorded).max(axis=1, initial=0.0)
    return level
