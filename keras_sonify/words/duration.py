"""How long something took, in two words."""

import math

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0  # seconds
# Each with its length, and from where on the next one is told.
_UNITS = (
    ("second", 1.0, 2 * _MINUTE),
    ("minute", _MINUTE, 2 * _HOUR),
    ("hour", _HOUR, 2 * _DAY),
    ("day", _DAY, math.inf),
)


def duration(seconds: float) -> str:
    """Return a duration in its fitting unit.

    >>> duration(20), duration(9000)
    ('20 seconds', '2.5 hours')
    """
    unit, length = next(
        (unit, length) for unit, length, most in _UNITS if seconds < most
    )
    count = seconds / length
    digits = 1 if length >= _HOUR and count < 10 else 0  # noqa: PLR2004
    told = f"{count:.{digits}f}".removesuffix(".0")
    return f"{told} {unit}" if told == "1" else f"{told} {unit}s"
