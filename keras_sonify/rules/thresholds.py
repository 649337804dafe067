"""The thresholds of the events."""

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Thresholds of the events.

    What else the rules go by is fixed: it was tuned on logs of real trainings. In a run
    told in steps an epoch is a window of steps: 100 of them, or 7 % of the run so far.

    Args:
        divergence_factor: Float. The training loss has diverged when for two epochs
            it is above its first value and above this many times its best one (and
            further above it than 1.5 times all it had gained). Defaults to `3.0`.
        overfitting_rise: Float. Share of its gain (at least a quarter of the first
            value) by which the validation loss has to be above its best.
            Defaults to `0.05`.
        overfitting_epochs: Integer. For how many epochs running.
            Defaults to `3`.
        plateau_gain: Float. Share of the best value below which a gain is none.
            Defaults to `0.005`.
        plateau_epochs: Integer. For how many epochs without a gain; so many epochs
            a training has to learn anything before it counts as stuck.
            Defaults to `10`.
        swing: Float. Fall of the training accuracy (of the loss, a share of its
            range) after which it counts as a swing. Defaults to `0.03`.
        learning_rate_drop: Float. Share by which the learning rate falls at least.
            Defaults to `0.1`.
        best_pause: Integer. Epochs between two new bests that are told.
            Defaults to `10`.
    """

    divergence_factor: float = 3.0
    overfitting_rise: float = 0.05
    overfitting_epochs: int = 3
    plateau_gain: float = 0.005
    plateau_epochs: int = 10
    swing: float = 0.03
    learning_rate_drop: float = 0.1
    best_pause: int = 10

    def __post_init__(self) -> None:
        """Refuse what no rule can work with."""
        for field in fields(self):
            name, value = field.name, getattr(self, field.name)
            is_count = isinstance(field.default, int)
            is_kind = isinstance(value, int if is_count else int | float)
            if isinstance(value, bool) or not is_kind or not 0 < value < math.inf:
                kind = "integer" if is_count else "number"
                raise ValueError(
                    f"`{name}` must be a positive {kind}. Received: {name}={value!r}",
                )
