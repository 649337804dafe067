"""The thresholds of the events."""

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Thresholds of the events.

    Args:
        divergence_factor: Float. The training loss has diverged when for
            `divergence_epochs` epochs it is above its first value and above this
            many times its best one (and further above it than 1.5 times all it had
            gained). Defaults to `3.0`.
        divergence_epochs: Integer. Defaults to `2`.
        overfitting_rise: Float. Share of its gain (at least a quarter of the first
            value) by which the validation loss has to be above its best.
            Defaults to `0.05`.
        overfitting_gain: Float. Share of its range that the training loss has to
            have gained since then. Defaults to `0.02`.
        overfitting_epochs: Integer. For how many epochs running.
            Defaults to `3`.
        plateau_gain: Float. Share of the best value below which a gain is none.
            Defaults to `0.005`.
        plateau_epochs: Integer. For how many epochs without a gain.
            Defaults to `10`.
        plateau_rearm: Float. Share of the best value that has to be gained before
            another plateau is told. Defaults to `0.05`.
        stuck_gain: Float. Share of the first loss that has to be gained in the
            first `plateau_epochs`. Defaults to `0.02`.
        swing: Float. Fall of the training accuracy (of the loss, a share of its
            range) after which it counts as a swing. Defaults to `0.03`.
        swing_share: Float. Share of the last `swing_epochs` that have to be swings.
            Defaults to `0.2`.
        swing_epochs: Integer. Defaults to `20`.
        learning_rate_drop: Float. Share by which the learning rate falls at least.
            Defaults to `0.1`.
        learning_rate_rest: Integer. Epochs without a change before that.
            Defaults to `2`.
        best_gain: Float. Share of its first value by which `monitor` has to beat
            its best. Defaults to `1e-4`.
        best_pause: Integer. Epochs between two new bests that are told.
            Defaults to `10`.
    """

    divergence_factor: float = 3.0
    divergence_epochs: int = 2
    overfitting_rise: float = 0.05
    overfitting_gain: float = 0.02
    overfitting_epochs: int = 3
    plateau_gain: float = 0.005
    plateau_epochs: int = 10
    plateau_rearm: float = 0.05
    stuck_gain: float = 0.02
    swing: float = 0.03
    swing_share: float = 0.2
    swing_epochs: int = 20
    learning_rate_drop: float = 0.1
    learning_rate_rest: int = 2
    best_gain: float = 1e-4
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
