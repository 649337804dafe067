"""Somebody who takes the quiz of `keras-sonify learn`, and knows but its sound."""

import re
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import numpy as np
import soundfile
from blind_listener import Pitch, decode_summary
from ear import Sound
from earcon_ear import name_figures
from verdict_ear import Verdict, judge

_PAUSE = 0.5  # seconds of silence: there another run begins
_WENT = {
    "converging": "it converged",
    "overfitting": "it overfitted",
    "diverged": "it diverged",
    "stuck": "it has not learnt",
}


def answer(asked: str, choices: Sequence[str], path: Path) -> int:
    """Return which of the choices is right, from 0, by what is heard in a file.

    Args:
        asked: The question.
        choices: What may be answered.
        path: The sound.
    """
    sound, rate = soundfile.read(path)
    if "figure" in asked:
        (figure,) = name_figures(sound, rate)
        return choices.index(figure)
    if "two trainings" in asked:
        first, second = (_end(part, rate) for part in _parts(sound, rate))
        return choices.index("better" if second < first else "worse")
    heard = _verdict(sound, rate)
    if "Since" not in asked:
        return choices.index(_WENT[heard.kind])
    assert heard.epoch is not None
    epochs = [int(re.sub(r"\D", "", choice)) for choice in choices]
    return min(range(len(epochs)), key=lambda k: abs(epochs[k] - (heard.epoch or 0)))


def _verdict(sound: Sound, rate: int) -> Verdict:
    heard = decode_summary(sound, rate)
    return judge(heard.train, heard.validation)


def _end(sound: Sound, rate: int) -> float:
    """Return where the validation loss of a run ends, in cents."""
    pitches: list[Pitch] = decode_summary(sound, rate).validation[-3:]
    return median(pitch for pitch in pitches if pitch is not None)


def _parts(sound: Sound, rate: int) -> tuple[Sound, Sound]:
    """Return what stands before and after the longest silence."""
    loud = np.flatnonzero(np.abs(sound).max(axis=1) > 1e-3)
    gaps = np.diff(loud)
    longest = int(gaps.argmax())
    assert gaps[longest] > _PAUSE * rate
    return sound[: loud[longest] + 1], sound[loud[longest + 1] :]
