"""How a run sounds: one frozen value that every room reads its numbers from."""

import math
from dataclasses import dataclass
from typing import Literal

from keras_sonify.score.loudness import db_to_gain, equal_loudness_db
from keras_sonify.score.note import Timbre
from keras_sonify.score.partials import tone_db
from keras_sonify.score.pitch import PitchScale

_SWITCHES = (
    "equal_loudness",
    "low_partials",
    "odd_partials",
    "texture",
    "dither",
)
_NYQUIST_SHARE = 0.45  # highest pitch re sample rate: leaves room for a reader's filter


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A way of sounding. The defaults are the style `"clear"`.

    Own styles are made from the defaults, `Style(low_hz=300.0)`, or from a named one:
    `dataclasses.replace(STYLES["classic"], fade=0.01)`. The last seven arguments are
    switches that are there for `"classic"` alone.

    Args:
        sample_rate: Integer. Frames per second of the WAV files, in Hz. The
            loudspeaker always plays at 44 100 Hz, pages at 22 050 Hz where that is
            enough for the highest pitch. Defaults to `44100`.
        tone: Float. Length of a tone in seconds. Defaults to `0.15`.
        reference: Float. Length in seconds of the tone before it that sounds the
            metric's best value so far; 0 for none. Defaults to `0.08`.
        reference_gain_db: Float. Level of that tone re the tone. Defaults to `-2.0`:
            softer than the tone, but not so soft that it is lost in a room.
        gap: Float. Silence in seconds between one metric of a cue and the next.
            Defaults to `0.12`, in which a room falls silent.
        fade: Float. Length in seconds of the raised-cosine fade at both ends of a
            tone; 0 for none. Defaults to `0.01`.
        low_hz: Float. Pitch of the lowest value, in Hz. Defaults to `330.0`.
        high_hz: Float. Pitch of the highest value, in Hz. Defaults to `1760.0`.
        quiet_gain_db: Float. Level of a cue in which nothing changed re others.
            Defaults to `-3.0`.
        noise_gain_db: Float. Level of the noise of a NaN re a tone of its power.
            Defaults to `-15.0`: noise is louder than a tone of its power.
        amplitude: Float. Peak of a tone of 1 kHz re full scale, from 0 to 1.
            Defaults to `0.147`, at which cues whose tones are spread evenly over the
            pitches measure -23 LUFS (EBU R 128).
        pan: Float. How far training tones sit to the left and validation tones to
            the right, from 0 (centre) to 1. Defaults to `0.6`.
        pitch: String. `"exponential"` (equal steps are equal musical intervals) or
            `"linear"` (in Hz). Defaults to `"exponential"`.
        scaling: String. `"family"`: a metric and its validation twin share a range,
            losses and errors are scaled logarithmically and no range is narrower
            than a floor; in its own file a metric has its own range. `"own"`: each
            metric is scaled linearly to its own minimum and maximum. Defaults to
            `"family"`.
        equal_loudness: Boolean. Whether tones of other pitches are raised or lowered
            to sound as loud as at 1 kHz, by ISO 226:2003, and those with partials
            lowered for what these add, by ISO 532-1. Defaults to `True`.
        low_partials: Boolean. Whether tones below 700 Hz carry partials, so that small
            loudspeakers play something of them. Defaults to `True`.
        odd_partials: Boolean. Whether validation tones carry a weak third and fifth
            partial besides, so that they differ in timbre too. `False` where
            `low_partials` is. Defaults to `True`.
        texture: Boolean. Whether, of a run told in steps, the spread of a window is
            heard as a flutter of its tone, and what stands far out of it as a short
            high grain after the tone. Defaults to `True`.
        dither: Boolean. Whether 16-bit files are rounded with triangular dither, or
            cut off as a cast to integer does. Defaults to `True`.

    Raises:
        ValueError: If an argument is out of its range.
    """

    sample_rate: int = 44_100
    tone: float = 0.15
    reference: float = 0.08
    reference_gain_db: float = -2.0
    gap: float = 0.12
    fade: float = 0.01
    low_hz: float = 330.0
    high_hz: float = 1760.0
    quiet_gain_db: float = -3.0
    noise_gain_db: float = -15.0
    amplitude: float = 0.147
    pan: float = 0.6
    # Switches for `classic`.
    pitch: PitchScale = "exponential"
    scaling: Literal["family", "own"] = "family"
    equal_loudness: bool = True
    low_partials: bool = True
    odd_partials: bool = True
    texture: bool = True
    dither: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot sound."""
        if not isinstance(self.sample_rate, int):
            raise ValueError(  # noqa: TRY004 - as for every other field
                "`sample_rate` must be an integer. "
                f"Received: sample_rate={self.sample_rate!r}",
            )
        _require("sample_rate", self.sample_rate, 8_000, 384_000)
        _require("tone", self.tone, 0.03, 10.0)
        _require("reference", self.reference, 0.0, self.tone)
        _require("reference_gain_db", self.reference_gain_db, -60.0, 0.0)
        _require("quiet_gain_db", self.quiet_gain_db, -60.0, 0.0)
        _require("noise_gain_db", self.noise_gain_db, -60.0, 0.0)
        _require("gap", self.gap, 0.0, 1.0)
        _require("fade", self.fade, 0.0, (self.reference or self.tone) / 2)
        _require("high_hz", self.high_hz, 20.0, _NYQUIST_SHARE * self.sample_rate)
        _require("low_hz", self.low_hz, 20.0, self.high_hz)
        _require("amplitude", self.amplitude, 0.0, 1.0)
        _require("pan", self.pan, 0.0, 1.0)
        _choose("pitch", self.pitch, ("exponential", "linear"))
        _choose("scaling", self.scaling, ("family", "own"))
        for switch in _SWITCHES:
            _choose(switch, getattr(self, switch), (True, False))
        if self.odd_partials and not self.low_partials:
            raise ValueError(
                "`odd_partials` must be False where `low_partials` is. "
                f"Received: odd_partials={self.odd_partials!r}",
            )

    def amplitude_at(
        self, pitch_hz: float, gain_db: float = 0.0, timbre: Timbre = "pure"
    ) -> float:
        """Return the peak, re full scale, of a tone as loud as all others.

        Args:
            pitch_hz: Its pitch, NaN for noise, which is not corrected.
            gain_db: Level re a tone. Defaults to `0.0`: then, without
                `equal_loudness`, the amplitude is the style's to the last bit.
            timbre: Which partials it has. Defaults to `"pure"`.
        """
        if self.equal_loudness and not math.isnan(pitch_hz):
            gain_db += equal_loudness_db(pitch_hz) + tone_db(timbre, pitch_hz)
        return self.amplitude * db_to_gain(gain_db)


def _require(name: str, value: object, low: float, high: float) -> None:
    if not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(
            f"`{name}` must be a number from {low:g} to {high:g}. "
            f"Received: {name}={value!r}",
        )


def _choose(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        raise ValueError(
            f"Unrecognized {name}. Expected one of {choices}. "
            f"Received: {name}={value!r}",
        )


CLEAR = Style()


def frames_in(seconds: float, sample_rate: int) -> int:
    """Return how many frames a tone has: as many as fit before `seconds` are over.

    This is the length of `numpy.arange(0, seconds, 1 / sample_rate)`.

    >>> frames_in(0.15, 22_050), frames_in(0.15, 44_100)
    (3308, 6615)
    """
    return math.ceil(round(seconds * sample_rate, 6))
