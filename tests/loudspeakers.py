"""Small loudspeakers, and how loud a sound from them is: models, by ISO 532-1.

The loudspeakers are Butterworth high-passes, not measured ones. Their edges lie about
what others measured: a Framework laptop "falls off quickly below 400 Hz"
(community.frame.work/t/1078), a Dell E1505 below about 300 Hz (danmarx.org), Apple's
laptops need +10 to +16 dB at 220 to 440 Hz (AsahiLinux/asahi-audio), phones lose "below
a few hundred Hz" (EE Times, 2011).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from mosqito import loudness_zwst
from scipy.signal import butter, sosfilt

Signal = npt.NDArray[np.float64]

RATE = 48_000  # Hz: what the standard is written for
LISTENED_AT_DB = 60.0  # SPL of a tone of 1 kHz: a calm level
_PASCAL = math.sqrt(2.0) * 2e-5  # peak of a tone of 0 dB SPL


@dataclass(frozen=True, slots=True)
class Loudspeaker:
    """A Butterworth high-pass of an order, 3 dB down at a frequency."""

    order: int
    edge_hz: float

    def play(self, sound: Signal) -> Signal:
        """Return what comes out of it, at `RATE`."""
        highpass = butter(self.order, self.edge_hz, "highpass", fs=RATE, output="sos")
        return np.asarray(sosfilt(highpass, sound))

    def loss_db(self, frequencies_hz: npt.NDArray[np.floating]) -> Signal:
        """Return by how much it plays steady sounds softer than others."""
        ratios = self.edge_hz / frequencies_hz
        return np.asarray(10 * np.log10(1 + ratios ** (2 * self.order)))


LOUDSPEAKERS: Mapping[str, Loudspeaker | None] = MappingProxyType(
    {
        "flat": None,
        "good laptop": Loudspeaker(2, 200.0),
        "usual laptop": Loudspeaker(2, 400.0),
        "thin laptop": Loudspeaker(4, 400.0),
        "phone": Loudspeaker(2, 700.0),
        "thin phone": Loudspeaker(4, 600.0),
    }
)


def phon_of(sound: Signal, amplitude: float) -> float:
    """Return the loudness level of a steady sound, by ISO 532-1, in phon.

    Args:
        sound: The sound, at `RATE`.
        amplitude: What a tone of 1 kHz has in it that is heard at 60 dB SPL.
    """
    pascal = _PASCAL * 10 ** (LISTENED_AT_DB / 20) / amplitude
    sone = float(loudness_zwst(sound * pascal, RATE)[0])
    # ISO 532-1, formulas for the loudness level above and below one sone.
    return (
        40.0 + 10.0 * math.log2(sone) if sone >= 1.0 else 40.0 * (sone + 5e-4) ** 0.35
    )
