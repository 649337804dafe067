"""Which metrics of a run sound, and in which order."""

from collections.abc import Collection, Mapping, Sequence

from keras_sonify.training.axis import EPOCH_MEAN
from keras_sonify.training.defaults import (
    MOST,
    has_twin_to_come,
    left_out,
    rank_default,
)
from keras_sonify.training.directions import Direction
from keras_sonify.training.metrics import (
    Metric,
    in_cue_order,
    is_accuracy,
    is_any_loss,
    is_setting,
)
from keras_sonify.training.names import (
    family_of,
    find_name,
    is_validation,
    read_name,
)

ALL = ("all",)
"""What asks for every metric that comes."""

_RATES = frozenset(["learning_rate", "lr"])  # no metrics, though they are recorded

_MOST_NAMES = 1000  # of a run: whatever comes later is nothing that one waits for


class Selection:
    """Chooses what sounds, among the names that have come so far.

    Names may come late: `validation_freq` leaves out `val_` metrics for some epochs,
    other callbacks add their own. What has once been chosen stays.

    Args:
        asked: The user's metrics, `ALL`, or `None` for the losses and accuracies, six
            of them at most.
        directions: Which way a family improves, where someone knows better than its
            name. Defaults to none.

    Attributes:
        metrics: What sounds, in the order of a cue.
        left_out: Losses and accuracies that the user did not ask for, and which do
            not sound.
    """

    def __init__(
        self,
        asked: Sequence[str] | None,
        directions: Mapping[str, Direction] | None = None,
    ) -> None:
        self._asks_for_all = asked is not None and tuple(asked) == ALL
        self._asked = None if self._asks_for_all else asked
        self._directions = directions
        self._names: dict[str, None] = {}
        self._unreadable: set[str] = set()
        self._is_trained = False
        self._lone_tests: set[str] = set()
        self._means: set[str] = set()  # of epochs, where steps are what is heard
        self.metrics: tuple[Metric, ...] = ()
        self.left_out: tuple[str, ...] = ()

    def update(self, names: Collection[str], unreadable: Collection[str] = ()) -> None:
        """Take note of the names of one epoch.

        Args:
            names: All that had a number.
            unreadable: Those that had none. Defaults to none.
        """
        known, never = self._names, self._unreadable
        if not (never or unreadable) and all(map(known.__contains__, names)):
            return  # as nearly always: it has to be quick
        new = [name for name in names if name not in known or name in never]
        new_never = [name for name in unreadable if name not in known]
        if not new and not new_never:
            return
        known.update(dict.fromkeys([*new, *new_never]))
        never.update(new_never)
        never.difference_update(new)
        self._means.update(n for n in new if _rest(n) != n and _rest(n) in known)
        if self._is_trained and not _is_training(names):
            # Made once it is over: it has no place beside the others.
            self._lone_tests.update(n for n in new if read_name(n).side == "test")
        self._is_trained = self._is_trained or _is_training(names)
        chosen = {metric.name for metric in self.metrics}
        chosen.update(self._choose(chosen))
        self.metrics = tuple(
            Metric.named(name, self._directions)
            for name in in_cue_order(
                [name for name in known if name in chosen], self._asked or ()
            )
        )

    def _choose(self, chosen: Collection[str]) -> list[str]:
        """Return what sounds now, besides what has been chosen already."""
        if self._asks_for_all:
            silent = {*_RATES, *self._unreadable, *self._means}
            return [name for name in self._names if name not in silent]
        if self._asked is not None:
            found = [find_name(name, self._names) for name in self._asked]
            return [name for name in found if name is not None]
        if chosen and len(self._names) > _MOST_NAMES:
            return []
        # What has never been a number is nothing that one would miss.
        known = [
            name
            for name in self._names
            if name not in self._lone_tests
            and name not in self._means
            and (name not in self._unreadable or is_any_loss(name) or is_accuracy(name))
        ]
        ranked = [name for name in rank_default(known) if name not in chosen]
        room = MOST - len(chosen)
        for name in (*chosen, *ranked):
            room -= has_twin_to_come(name, known)
        new = _fill(ranked, room)
        self.left_out = tuple(left_out(known, {*chosen, *new}))
        return new

    def missing(self, *, at_end: bool) -> list[str]:
        """Return what was asked for and has not come.

        Args:
            at_end: Boolean. Whether the run is over. Before that a `val_` metric may
                be still to come.
        """
        return [
            name
            for name in self._asked or ()
            if find_name(name, self._names) is None
            and (at_end or not is_validation(name))
        ]

    def available(self) -> list[str]:
        """Return all names that have come."""
        return list(self._names)


def _is_training(names: Collection[str]) -> bool:
    """Whether an epoch has a value of the training, not of what was made of it."""
    return any(not is_validation(name) and not is_setting(name) for name in names)


def _fill(ranked: Sequence[str], room: int) -> list[str]:
    """Return the first of the ranked; no accuracy without its twin."""
    new = list(ranked[: max(room, 0)])
    rest = ranked[len(new) :]
    if (
        new
        and rest
        and is_accuracy(new[-1])
        and family_of(new[-1]) == family_of(rest[0])
    ):
        new.pop()
    return new


def _rest(name: str) -> str:
    return name.removeprefix(EPOCH_MEAN)
