"""How the seconds of a summary are divided among the points of a run."""

from dataclasses import dataclass

from keras_sonify.score.style import Style, frames_in
from keras_sonify.score.texture import GRAIN
from keras_sonify.training.axis import STEPS
from keras_sonify.training.run_points import Points

# Displays of 7 s serve better than those of 14 s, and other systems take 2 to 6 s.
_SHORTEST, _LONGEST = 3.0, 7.0
_SLOT = 0.08  # seconds an epoch, two voices: 40 ms a tone is the least for a pitch
_WINDOW_SLOT = 0.16  # seconds a window: a flutter of 80 ms swings three times


def most_windows(parts: int) -> int:
    """Return into how many windows a run in steps is divided.

    Args:
        parts: Families that sound one after the other.

    >>> most_windows(1), most_windows(2)
    (43, 21)
    """
    return int(_LONGEST / parts / _WINDOW_SLOT)


@dataclass(frozen=True, slots=True)
class Grid:
    """How the time of a summary is divided.

    Attributes:
        points: The run.
        parts: Families that sound one after the other.
        slots: Slots in each part: one a point, or two a group of points.
        slot_frames: Length of a slot in frames.
    """

    points: Points
    parts: int
    slots: int
    slot_frames: int

    @property
    def frames(self) -> int:
        """Length of the whole summary in frames."""
        return self.parts * self.slots * self.slot_frames

    @property
    def is_grouped(self) -> bool:
        """Whether several epochs share a pair of slots."""
        return self.slots < len(self.points)

    def voice_frames(self, voices: int, style: Style) -> int:
        """Return how long each of the voices of a slot may sound, in frames.

        In steps a single one leaves room for a grain after it. Of two, validation
        sounds last: it has no spikes.
        """
        frames = self.slot_frames // voices
        if self.points.axis is STEPS and voices == 1:
            frames -= frames_in(GRAIN, style.sample_rate)
        return frames

    def slot_of(self, place: int) -> int:
        """Return the slot of an epoch, the first of its pair where epochs share one.

        Args:
            place: Zero-based place of the epoch in the run.
        """
        point = self.points.index(place)
        if not self.is_grouped:
            return point
        return 2 * (point * (self.slots // 2) // len(self.points))


def lay_out(points: Points, parts: int, style: Style) -> Grid:
    """Divide 3 to 7 seconds among the points; beyond 87, epochs share slots.

    Args:
        points: The run, of at least one epoch; in steps no more than `most_windows`.
        parts: Families that sound one after the other.
        style: Says the sample rate.
    """
    count = len(points)
    slot = _WINDOW_SLOT if points.axis is STEPS else _SLOT
    seconds = min(max(slot * count * parts, _SHORTEST), _LONGEST) / parts
    most = int(seconds / slot + 1e-9)
    slots = count if count <= most else most // 2 * 2
    return Grid(points, parts, slots, int(seconds * style.sample_rate / slots))
