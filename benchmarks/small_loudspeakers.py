"""How loud tones are from small loudspeakers: those of before, and those of now.

By ISO 532-1, where a tone of 1 kHz has 60 dB; the models are those of
`tests/loudspeakers.py`. Before are bare cosines from 220 Hz on, which on the side of
validation had a weak third and fifth partial, levelled by ISO 226 alone. Ends with an
error if the bar is missed. Takes half a minute.
"""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from loudspeakers import LOUDSPEAKERS, RATE, Loudspeaker, Signal, phon_of

from keras_sonify.score.loudness import db_to_gain, equal_loudness_db
from keras_sonify.score.style import CLEAR
from keras_sonify.score.tones import tone_note
from keras_sonify.sound.synth import render
from keras_sonify.training.axis import At
from keras_sonify.training.metrics import Metric

_SECONDS = 0.5
_SETTLED = RATE // 10  # frames: past what a loudspeaker makes of the beginning
_PITCHES = 15
_MOST_SPREAD, _LEAST = 8.0, 50.0  # phon


def _before(pitch_hz: float, side: str) -> Signal:
    angles = 2 * np.pi * pitch_hz * np.arange(int(_SECONDS * RATE)) / RATE
    sound = np.cos(angles)
    if side == "val_loss":
        sound += db_to_gain(-24.0) * np.cos(3 * angles)
        sound += db_to_gain(-30.0) * np.cos(5 * angles)
    return np.asarray(sound * CLEAR.amplitude * db_to_gain(equal_loudness_db(pitch_hz)))


def _now(pitch_hz: float, side: str) -> Signal:
    note = tone_note(
        Metric.named(side), At(0), 1.0, pitch_hz, CLEAR, start=0.0, duration=_SECONDS
    )
    frames = render([note], sample_rate=RATE, channels=1, fade=0.0)
    return frames[:, 0].astype(np.float64)


def _levels(
    tone: Callable[[float, str], Signal], low_hz: float, speaker: Loudspeaker | None
) -> list[float]:
    """Return the loudness of all pitches on both sides, in phon."""
    pitches_hz = np.geomspace(low_hz, CLEAR.high_hz, _PITCHES).tolist()
    sounds = [tone(hz, side) for side in ("loss", "val_loss") for hz in pitches_hz]
    played = [sound if speaker is None else speaker.play(sound) for sound in sounds]
    return [phon_of(sound[_SETTLED:], CLEAR.amplitude) for sound in played]


def main() -> int:
    """Print a line a loudspeaker; return whether the bar was missed."""
    print("phon:         spread before  now   softest before  now")
    is_missed = False
    for name, speaker in LOUDSPEAKERS.items():
        before = _levels(_before, 220.0, speaker)
        now = _levels(_now, CLEAR.low_hz, speaker)
        spread = float(np.ptp(now))
        print(
            f"{name:13} {np.ptp(before):13.1f} {spread:4.1f} "
            f"{min(before):15.1f} {min(now):5.1f}"
        )
        is_missed |= spread > _MOST_SPREAD or min(now) < _LEAST
    return int(is_missed)


if __name__ == "__main__":
    sys.exit(main())
