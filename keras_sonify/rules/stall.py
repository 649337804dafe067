"""A training that someone follows from afar has gone quiet."""

from statistics import median

_LEAST = 60.0  # seconds: shorter silences are nobody's business
# Seconds, while steps of the first epoch come: how long a validation takes that may
# follow them, nobody knows.
_LEAST_IN_STEPS = 600.0
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
        self._began: float | None = None  # the epoch that is under way
        self._lengths: list[float] = []
        self._is_told = self._is_within = False

    def begin(self, now: float) -> None:
        """Take note that an epoch begins; how long the first takes, nobody knows.

        Args:
            now: The time, in seconds of any clock.
        """
        self._last = self._began = now
        self._is_told = not self._lengths

    def heard(self, now: float, *, is_within: bool = False) -> None:
        """Take note that an epoch has come, or a sign that it goes on.

        Args:
            now: The time, in seconds of any clock.
            is_within: Boolean. Whether it goes on. Defaults to `False`.
        """
        if not is_within:
            if self._began is not None:
                self._lengths = [*self._lengths[-8:], now - self._began]
            self._began = now
        self._last, self._is_told, self._is_within = now, False, is_within

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
        is_unknown = self._is_within and self.usual is None
        if silence < (
            _LEAST_IN_STEPS if is_unknown else longest_silence(self.usual or 0.0)
        ):
            return None
        self._is_told = True
        return f"Nothing new for {silence:.0f} seconds: stalled?"
