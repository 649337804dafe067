"""A training that someone follows from afar has gone quiet."""

from statistics import median

_LEAST = 60.0  # seconds: shorter silences are nobody's business
_FACTOR = 3.0  # times the usual length of an epoch


def longest_silence(usual: float) -> float:
    """Return after how long one asks whether a training stands still.

    Args:
        usual: Seconds that its epochs take.
    """
    return max(_LEAST, _FACTOR * usual)


class Stall:
    """Tells when nothing has come for three epochs' time, at least a minute: once.

    Told again only after another epoch has come. Time is that of the caller's clock.
    """

    def __init__(self) -> None:
        self._last: float | None = None
        self._lengths: list[float] = []
        self._is_told = False

    def begin(self, now: float) -> None:
        """Take note that an epoch begins; how long the first takes, nobody knows.

        Args:
            now: The time, in seconds of any clock.
        """
        self._last, self._is_told = now, not self._lengths

    def heard(self, now: float) -> None:
        """Take note that an epoch has come.

        Args:
            now: The time, in seconds of any clock.
        """
        if self._last is not None:
            self._lengths = [*self._lengths[-8:], now - self._last]
        self._last, self._is_told = now, False

    @property
    def usual(self) -> float | None:
        """Seconds that an epoch takes, as the median; `None` before the second one."""
        return median(self._lengths) if self._lengths else None

    def check(self, now: float) -> str | None:
        """Return what to tell, if there is anything to tell now.

        Args:
            now: The time, in seconds of the same clock.
        """
        if self._last is None or self._is_told:
            return None
        silence = now - self._last
        if silence < longest_silence(self.usual or 0.0):
            return None
        self._is_told = True
        return f"Nothing new for {silence:.0f} seconds: stalled?"
