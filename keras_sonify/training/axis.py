"""The axis of a run: epochs or steps, and what a place on it is called.

This is the one place that knows what the words are and from where one counts.
"""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Axis:
    """What a run counts.

    Attributes:
        unit: What one of it is called.
        first: What its owner calls the place 0. Keras tells its first epoch as epoch
            1; a step is told as it is counted, after so many batches.
    """

    unit: str
    first: int

    @property
    def units(self) -> str:
        """What several of it are called."""
        return f"{self.unit}s"

    def number(self, at: int) -> int:
        """Return the number by which a place is told."""
        return at + self.first

    def name(self, at: int) -> str:
        """Return what a place is called: "epoch 12", "step 1200"."""
        return f"{self.unit} {self.number(at)}"

    def count(self, many: int) -> str:
        """Return a number of them in words: "1 epoch", "5 epochs"."""
        return f"{many} {self.unit if many == 1 else self.units}"


EPOCH_MEAN = "epoch_"
"""In steps, what Keras tells of a whole epoch has this before its name."""

EPOCHS = Axis("epoch", 1)
STEPS = Axis("step", 0)


class Plan(NamedTuple):
    """How much there is to be of a run; `None` where nobody knows.

    Attributes:
        epochs: Number of epochs.
        steps: Number of steps, in all epochs together.
    """

    epochs: int | None = None
    steps: int | None = None


UNPLANNED = Plan()
"""Nobody knows."""


class At(NamedTuple):
    """A place in a run.

    Attributes:
        epoch: Zero-based epoch in which it lies.
        step: How many steps have been done by then; `None` on the axis of epochs.
    """

    epoch: int
    step: int | None = None

    @property
    def axis(self) -> Axis:
        """The axis on which it lies."""
        return EPOCHS if self.step is None else STEPS

    @property
    def place(self) -> int:
        """Its place on that axis."""
        return self.epoch if self.step is None else self.step

    @property
    def number(self) -> int:
        """The number by which it is told."""
        return self.axis.number(self.place)

    @property
    def name(self) -> str:
        """What it is called: "epoch 12", "step 1200"."""
        return self.axis.name(self.place)

    def within(self, plan: Plan = UNPLANNED) -> str:
        """Return what it is called, out of how many.

        >>> At(11).within(Plan(epochs=50)), At(0, 1200).within(Plan(1, 5000))
        ('epoch 12 of 50', 'step 1200 of 5000, epoch 1 of 1')
        >>> At(0, 1200).within()
        'step 1200, epoch 1'
        """
        if self.step is None:
            return self.out_of(plan)
        return f"{self.out_of(plan)}, {At(self.epoch).out_of(plan)}"

    def out_of(self, plan: Plan = UNPLANNED) -> str:
        """Return the same without the epoch in which a step lies."""
        many = plan.epochs if self.axis is EPOCHS else plan.steps
        return f"{self.name} of {many}" if many else self.name
