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
    other callbacks add their own. What has once been chosen stays.

    Args:
        asked: The user's metrics, or `None` for the losses and accuracies.
        directions: Which way a family improves, where someone knows better than its
            name. Defaults to none.

    Attributes:
        metrics: What sounds, in the order of a cue.
    """

    def __init__(
        self,
        asked: Sequence[str] | None,
        directions: Mapping[str, Direction] | None = None,
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
        chosen = {metric.name for metric in self.metrics}
        if self._asked is None:
            chosen.update(select_default(self._names))
        else:
            chosen.update(name for name in self._asked if name in self._names)
        self.metrics = tuple(
            Metric.named(name, self._directions)
            for name in in_cue_order(
                [name for name in self._names if name in chosen], self._asked or ()
            )
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
