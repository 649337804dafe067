"""Playing again, once, what a browser short of time has damaged on its way to the ear.

A fault of the page's own must not pass for damage: a check that fails is tried again
only if the recording itself shows it, and each time is told at the end of the tests.
"""

import os
from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt
from virtual_card import SAMPLE_RATE

_SHARP = 5e-3  # re full scale: no fade begins or ends there
_LONGEST = 0.25  # seconds; longer silence is a pause, or the end

played_again: list[str] = []
"""The tests in which something was played again."""

Frames = npt.NDArray[np.floating]


class DamagedError(AssertionError):
    """A recording that cannot be what was played: it is cut short, say."""


class Recording(Protocol):
    """What a sound card has played so far."""

    @property
    def frames(self) -> int:
        """How many frames that is."""

    def samples(self, start: int = 0) -> npt.NDArray[np.float32]:
        """Return the frames from one on, of shape `(frames, 2)`."""


def holes(heard: Frames) -> list[tuple[int, int]]:
    """Return where a browser short of time left holes: silence between sharp edges.

    Args:
        heard: What a sound card recorded, of shape `(frames, channels)`.
    """
    level = np.abs(heard).max(axis=1, initial=0.0)
    steps = np.diff(np.concatenate([[0], level == 0.0, [0]]))
    edges = np.pad(level, 1)
    return [
        (start, end)
        for start, end in zip(
            np.flatnonzero(steps == 1).tolist(),
            np.flatnonzero(steps == -1).tolist(),
            strict=True,
        )
        if 0 < start < end < len(level)
        and max(edges[start], edges[end + 1]) > _SHARP
        and end - start < _LONGEST * SAMPLE_RATE
    ]


def with_patience(
    card: Recording, check: Callable[[], None], told: list[str] = played_again
) -> None:
    """Check what a page plays; once more if what was heard the first time is damaged.

    Args:
        card: On which it is played.
        check: Lets the page play and asserts what is heard.
        told: Takes the name of a test in which it was played again.
    """
    begun = card.frames
    try:
        check()
    except AssertionError as error:
        is_damaged = isinstance(error, DamagedError)
        if not is_damaged and not holes(card.samples(begun)):
            raise
        told.append(os.environ["PYTEST_CURRENT_TEST"].split(" ")[0])
    else:
        return
    check()
