"""What ISO 226:2003 says of bare tones, apart from what the package makes of it."""

import numpy as np
from ear import Sound
from scipy.interpolate import CubicSpline

# Table 1: frequency in Hz, exponent, transfer in dB, threshold of hearing in dB.
_TABLE = """
    20 .532 -31.6 78.5    25 .506 -27.2 68.7   31.5 .480 -23.0 59.5
    40 .455 -19.1 51.1    50 .432 -15.9 44.0     63 .409 -13.0 37.5
    80 .387 -10.3 31.5   100 .367  -8.1 26.5    125 .349  -6.2 22.1
   160 .330  -4.5 17.9   200 .315  -3.1 14.4    250 .301  -2.0 11.4
   315 .288  -1.1  8.6   400 .276  -0.4  6.2    500 .267   0.0  4.4
   630 .259   0.3  3.0   800 .253   0.5  2.2   1000 .250   0.0  2.4
  1250 .246  -2.7  3.5  1600 .244  -4.1  1.7   2000 .243  -1.0 -1.3
  2500 .243   1.7 -4.2  3150 .243   2.5 -6.0   4000 .242   1.2 -5.4
  5000 .242  -2.1 -1.5  6300 .245  -7.1  6.0   8000 .254 -11.2 12.6
 10000 .271 -10.7 13.9 12500 .301  -3.1 12.3
"""
_ROWS = np.array(_TABLE.split(), float).reshape(-1, 4)
_PARAMETERS = CubicSpline(np.log(_ROWS[:, 0]), _ROWS[:, 1:])


def phon_of_tones(pitches_hz: Sound, levels_db: Sound) -> Sound:
    """Return the loudness level of pure tones: formula (2)."""
    exponent, transfer, threshold = np.moveaxis(_PARAMETERS(np.log(pitches_hz)), -1, 0)
    heard = (0.4 * 10 ** ((levels_db + transfer) / 10 - 9)) ** exponent
    unheard = (0.4 * 10 ** ((threshold + transfer) / 10 - 9)) ** exponent
    phon: Sound = 40 * np.log10(heard - unheard + 0.005135) + 94
    return phon


def threshold_db(pitches_hz: Sound) -> Sound:
    """Return the threshold of hearing in quiet, in dB SPL."""
    threshold: Sound = _PARAMETERS(np.log(pitches_hz))[..., 2]
    return threshold
