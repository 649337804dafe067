"""Levels: decibels, and how loud a pure tone sounds by ISO 226."""

import math
from bisect import bisect_right
from collections.abc import Sequence

# ISO 226:2003, table 1: frequency in Hz, exponent of loudness perception, magnitude
# of the linear transfer function normalised at 1 kHz in dB, threshold of hearing in
# dB; the rows around the pitches that a style can use.
_TABLE = (
    (50.0, 0.432, -15.9, 44.0),
    (63.0, 0.409, -13.0, 37.5),
    (80.0, 0.387, -10.3, 31.5),
    (100.0, 0.367, -8.1, 26.5),
    (125.0, 0.349, -6.2, 22.1),
    (160.0, 0.330, -4.5, 17.9),
    (200.0, 0.315, -3.1, 14.4),
    (250.0, 0.301, -2.0, 11.4),
    (315.0, 0.288, -1.1, 8.6),
    (400.0, 0.276, -0.4, 6.2),
    (500.0, 0.267, 0.0, 4.4),
    (630.0, 0.259, 0.3, 3.0),
    (800.0, 0.253, 0.5, 2.2),
    (1000.0, 0.250, 0.0, 2.4),
    (1250.0, 0.246, -2.7, 3.5),
    (1600.0, 0.244, -4.1, 1.7),
    (2000.0, 0.243, -1.0, -1.3),
    (2500.0, 0.243, 1.7, -4.2),
    (3150.0, 0.243, 2.5, -6.0),
    (4000.0, 0.242, 1.2, -5.4),
    (5000.0, 0.242, -2.1, -1.5),
    (6300.0, 0.245, -7.1, 6.0),
    (8000.0, 0.254, -11.2, 12.6),
)
_PHON = 60.0  # a calm listening level: speech at a metre is about 60 phon


def _contour_db(exponent: float, transfer_db: float, threshold_db: float) -> float:
    """Sound pressure level of a tone of 60 phon: ISO 226:2003, formula (1)."""
    loudness = (
        4.47e-3 * (10.0 ** (0.025 * _PHON) - 1.15)
        + (0.4 * 10.0 ** ((threshold_db + transfer_db) / 10.0 - 9.0)) ** exponent
    )
    return 10.0 / exponent * math.log10(loudness) - transfer_db + 94.0


_OCTAVES = tuple(math.log2(row[0]) for row in _TABLE)
_GAINS_DB = tuple(_contour_db(*row[1:]) - _PHON for row in _TABLE)


def db_to_gain(level_db: float) -> float:
    """Return the factor of an amplitude for a level in dB.

    >>> db_to_gain(0.0), round(db_to_gain(-6.0), 3)
    (1.0, 0.501)
    """
    return math.pow(10.0, level_db / 20.0)


def equal_loudness_db(frequency_hz: float) -> float:
    """Return the gain that makes a pure tone as loud as one of 1 kHz at 60 phon.

    Source: ISO 226:2003, equal-loudness-level contours; between the third-octave
    frequencies of its table interpolated linearly over the logarithm of frequency.

    Args:
        frequency_hz: Frequency in Hz; outside 50 to 8000 Hz the gain at that end.

    Returns:
        Gain in dB.

    >>> round(equal_loudness_db(1000.0), 1), round(equal_loudness_db(200.0), 1)
    (0.0, 9.9)
    """
    return interpolate(math.log2(frequency_hz), _OCTAVES, _GAINS_DB)


def interpolate(at: float, places: Sequence[float], values: Sequence[float]) -> float:
    """Return the value at a place, linear between the places; the ends hold outside.

    >>> interpolate(0.25, (0.0, 1.0), (2.0, 6.0))
    3.0
    """
    right = min(max(bisect_right(places, at), 1), len(places) - 1)
    left = right - 1
    share = (at - places[left]) / (places[right] - places[left])
    share = min(max(share, 0.0), 1.0)
    return values[left] + share * (values[right] - values[left])
