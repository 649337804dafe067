"""The partials of a tone: what small loudspeakers play of a low one.

Laptops and phones lose most of a tone below 400 to 700 Hz. Its partials lie higher, and
an ear that hears them alone still hears its pitch. So below 700 Hz a "full" tone has
the second to the fourth, which fade in downwards. An "odd" one, of validation, has a
weak third and fifth besides, at any pitch. Everything else is a bare cosine.
"""

import math

from keras_sonify.score.loudness import db_to_gain, interpolate
from keras_sonify.score.note import Timbre

_FULL_HZ, _NONE_HZ = 450.0, 700.0  # between them the partials fade out
_FADE_OCTAVES = math.log2(_NONE_HZ / _FULL_HZ)
_SECOND, _LOW_THIRD, _FOURTH = db_to_gain(-8.0), db_to_gain(-12.0), db_to_gain(-16.0)
_THIRD, _FIFTH = db_to_gain(-24.0), db_to_gain(-30.0)

# By how much a metric's tone is softer than ISO 226 has it, in dB, for what its
# partials add to its loudness. Below 700 Hz they may make it up to 4 phon louder by
# ISO 532-1: so much more is heard of the best values on laptops and phones, and from
# all of them the pitches stay within 8 phon (see `benchmarks/listener.py` and
# `tests/test_loudspeakers.py`). Measured from 330 to 1760 Hz with mosqito 1.2.1, where
# a tone of 1 kHz has 60 dB, and made smooth. Above 1.3 kHz partials add nothing; there
# the two standards differ by 5 phon, and meet a little.
_LEVELS_HZ = (330.0, 400.0, 500.0, 600.0, 700.0, 1100.0, 1400.0)
_LEVELS_DB: dict[Timbre, tuple[float, ...]] = {
    "full": (-6.0, -5.5, -4.3, -2.3, 0.0, 0.0, -0.6),
    "odd": (-6.3, -5.8, -5.0, -3.9, -3.0, -3.0, -3.6),
}
_OCTAVES = tuple(map(math.log2, _LEVELS_HZ))


def partials_of(timbre: Timbre, frequency_hz: float) -> tuple[float, ...]:
    """Return the amplitudes of the second to the fifth partial re the fundamental.

    Args:
        timbre: What kind of tone it is.
        frequency_hz: Its pitch, in Hz.

    Returns:
        Four amplitudes, three where there is no fifth, none for a bare cosine.

    >>> partials_of("full", 880.0), partials_of("pure", 330.0)
    ((), ())
    """
    if timbre not in _LEVELS_DB:
        return ()
    if timbre == "full" and frequency_hz >= _NONE_HZ:
        return ()
    share = math.log2(_NONE_HZ / frequency_hz) / _FADE_OCTAVES
    share = min(max(share, 0.0), 1.0)
    second, third, fourth = share * _SECOND, share * _LOW_THIRD, share * _FOURTH
    if timbre == "odd":
        return second, third + _THIRD, fourth, _FIFTH
    return second, third, fourth


def tone_db(timbre: Timbre, frequency_hz: float) -> float:
    """Return by how much a metric's tone is softer for what its partials add.

    Args:
        timbre: What kind of tone it is.
        frequency_hz: Its pitch, in Hz; outside 330 to 1400 Hz the gain at that end.

    Returns:
        Gain in dB, besides that of `equal_loudness_db`; 0 for what has no partials.

    >>> tone_db("full", 330.0), tone_db("odd", 880.0)
    (-6.0, -3.0)
    """
    if timbre not in _LEVELS_DB:
        return 0.0
    return interpolate(math.log2(frequency_hz), _OCTAVES, _LEVELS_DB[timbre])
