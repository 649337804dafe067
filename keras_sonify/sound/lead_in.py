"""What comes before the first sound on a stream that was just opened: next to nothing.

Bluetooth, HDMI and what saves power swallow up to a second of what comes after silence.
"""

import hashlib
from array import array

LEAD_IN_SECONDS = 1.0
"""How long it lasts."""

# Re full scale, of a noise: digital silence wakes some devices not at all. These are 13
# of the steps of 16 bits, so that a low volume of the system, which may be applied in
# them, leaves some of it. At -67 LUFS it is 44 LU below a cue: hardly anybody hears it.
_PEAK = 4e-4


def lead_in(sample_rate: int) -> "array[float]":
    """Return its samples, for all channels alike; without NumPy, which loads slowly.

    Args:
        sample_rate: Samples per second, in Hz.
    """
    levels = [_PEAK * (byte / 127.5 - 1.0) for byte in range(256)]
    count = round(LEAD_IN_SECONDS * sample_rate)
    noise = hashlib.shake_128(b"lead-in").digest(count)  # the same each time
    return array("f", (levels[byte] for byte in noise))
