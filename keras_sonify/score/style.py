"""How a run sounds: one frozen value that every room reads its numbers from."""

import math
from dataclasses import dataclass
from typing import Literal

from keras_sonify.score.loudness import db_to_gain, equal_loudness_db
from keras_sonify.score.pitch import PitchScale

_NYQUIST_SHARE = 0.45  # highest pitch re sample rate: leaves room for a reader's filter


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A way of sounding. The defaults are the style `"clear"`.

    Own styles are made from the defaults, `Style(low_hz=300.0)`, or from a named one:
    `dataclasses.replace(STYLES["classic"], fade=0.01)`.

    Args:
        sample_rate: Integer. Frames per second of the WAV files, in Hz. The
            loudspeaker always plays at 44 100 Hz, pages at 22 050 Hz where that is
            enough for the highest pitch. Defaults to `44100`.
        tone: Float. Length of a tone in seconds. Defaults to `0.15`.
        reference: Float. Length in seconds of the tone before it that sounds the
            metric's best value so far; 0 for none. Defaults to `0.08`.
        reference_gain_db: Float. Level of that tone re the tone. Defaults to `-6.0`.
        fade: Float. Length in seconds of the raised-cosine fade at both ends of a
            tone; 0 for none. Defaults to `0.01`.
        low_hz: Float. Pitch of the lowest value, in Hz. Defaults to `220.0`.
        high_hz: Float. Pitch of the highest value, in Hz. Defaults to `1760.0`.
        pitch: String. `"exponential"` (equal steps are equal musical intervals) or
            `"linear"` (in Hz). Defaults to `"exponential"`.
        scaling: String. `"family"`: a metric and its validation twin share a range,
            losses and errors are scaled logarithmically and no range is narrower
            than a floor. `"own"`: each metric is scaled linearly to its own minimum
            and maximum. Defaults to `"family"`.
        quiet_gain_db: Float. Level of a cue in which nothing changed re others.
            Defaults to `-6.0`.
        amplitude: Float. Peak of a tone of 1 kHz re full scale, from 0 to 1.
            Defaults to `0.095`, at which cues whose tones are spread evenly over the
            pitches measure -23 LUFS (EBU R 128).
        equal_loudness: Boolean. Whether tones of other pitches are raised or lowered
            to sound as loud as at 1 kHz, by ISO 226:2003. Defaults to `True`.
        pan: Float. How far training tones sit to the left and validation tones to
            the right, from 0 (centre) to 1. Defaults to `0.6`.
        odd_partials: Boolean. Whether validation tones carry a weak third and fifth
            partial, so that they differ in timbre too. Defaults to `True`.
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
    reference_gain_db: float = -6.0
    fade: float = 0.01
    low_hz: float = 220.0
    high_hz: float = 1760.0
    pitch: PitchScale = "exponential"
    scaling: Literal["family", "own"] = "family"
    quiet_gain_db: float = -6.0
    amplitude: float = 0.095
    equal_loudness: bool = True
    pan: float = 0.6
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
        _require("fade", self.fade, 0.0, (self.reference or self.tone) / 2)
        _require("high_hz", self.high_hz, 20.0, _NYQUIST_SHARE * self.sample_rate)
        _require("low_hz", self.low_hz, 20.0, self.high_hz)
        _require("amplitude", self.amplitude, 0.0, 1.0)
        _require("pan", self.pan, 0.0, 1.0)
        _choose("pitch", self.pitch, ("exponential", "linear"))
        _choose("scaling", self.scaling, ("family", "own"))
        for switch in ("equal_loudness", "odd_partials", "texture", "dither"):
            _choose(switch, getattr(self, switch), (True, False))

    def amplitude_at(self, pitch_hz: float, gain_db: float = 0.0) -> float:
        """Return the peak, re full scale, of a tone as loud as all others.

        Args:
            pitch_hz: Its pitch, NaN for noise, which is not corrected.
            gain_db: Level re a tone. Defaults to `0.0`: then, without
                `equal_loudness`, the amplitude is the style's to the last bit.
        """
        if self.equal_loudness and not math.isnan(pitch_hz):
            gain_db += equal_loudness_db(pitch_hz)
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

# The blog post that started this, number by number: 1000 to 3000 Hz, linear in the
# metric's own range, 0.15 s of a bare cosine, peak 10000 of 32767, mono 22 050 Hz.
CLASSIC = Style(
    sample_rate=22_050,
    reference=0.0,
    fade=0.0,
    low_hz=1000.0,
    high_hz=3000.0,
    pitch="linear",
    scaling="own",
    quiet_gain_db=0.0,
    amplitude=10_000 / 32_767,
    equal_loudness=False,
    pan=0.0,
    odd_partials=False,
    texture=False,
    dither=False,
)

STYLES = {"clear": CLEAR, "classic": CLASSIC}


def resolve_style(style: object) -> Style:
    """Return the style of that name, or the given one.

    Raises:
        ValueError: If there is no style of that name.
    """
    if isinstance(style, Style):
        return style
    if not isinstance(style, str) or style not in STYLES:
        raise ValueError(
            f"Unrecognized style. Expected one of {tuple(STYLES)} or a `Style`. "
            f"Received: style={style!r}",
        )
    return STYLES[style]


def frames_in(seconds: float, sample_rate: int) -> int:
    """Return how many frames a tone has: as many as fit before `seconds` are over.

    This is the length of `numpy.arange(0, seconds, 1 / sample_rate)`.

    >>> frames_in(0.15, 22_050), frames_in(0.15, 44_100)
    (3308, 6615)
    """
    return math.ceil(round(seconds * sample_rate, 6))
