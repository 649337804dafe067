"""Which metrics of a run sound, and in which order."""

from collections.abc import Iterable, Mapping, Sequence

from keras_sonify.training.metrics import (
    Direction,
    Metric,
    family_of,
    in_cue_order,
    select_default,
)


class Selection:
    """Chooses what sounds, among the names that have come so far.

    Names may come late: `validation_freq` leaves out `val_` metrics for some epochs,
    other callbacks add their own.

    Args:
        asked: The user's metrics, or `None` for the losses and accuracies.
        directions: Which way a family improves, where someone knows better than its
            name.
    """

    def __init__(
        self,
        asked: Sequence[str] | None,
        directions: Mapping[str, Direction],
    ) -> None:
        self._asked = asked
        self._directions = directions
        self._names: dict[str, None] = {}
        self.metrics: tuple[Metric, ...] = ()

    def update(self, names: Iterable[str]) -> None:
        """Take note of the names of one epoch."""
        new = [name for name in names if name not in self._names]
        if not new:
            return
        self._names.update(dict.fromkeys(new))
        if self._asked is None:
            chosen = select_default(self._names)
        else:
            chosen = [name for name in self._asked if name in self._names]
        self.metrics = tuple(
            Metric.named(name, self._directions)
            for name in in_cue_order(chosen, self._asked or ())
        )

    def missing(self, *, at_end: bool) -> list[str]:
        """Return what was asked for and has not come.

        Args:
            at_end: Boolean. Whether the run is over. Before that a `val_` metric may
                be still to come.
        """
        return [
            name
            for name in self._asked or ()
            if name not in self._names and (at_end or name == family_of(name))
        ]

    def available(self) -> list[str]:
        """Return all names that have come."""
        return list(self._names)
