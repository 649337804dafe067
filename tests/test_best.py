"""There is one idea of what the best value is."""

import math

import pytest

from keras_sonify import Sonifier
from keras_sonify.training.best import Best


@pytest.mark.parametrize(
    ("direction", "best"), [("min", (3, -2.0)), ("max", (1, 5.0)), (None, None)]
)
def test_the_best_is_the_first_of_the_most_extreme(
    direction: object, best: object
) -> None:
    """NaN and infinities are none; of an unknown direction there is none."""
    kept = Best(direction)  # type: ignore[arg-type] # of three kinds

    for at, value in enumerate([math.nan, 5.0, math.inf, -2.0, -2.0, 5.0, -math.inf]):
        kept.update(value, at)

    assert kept.found == best


def test_a_monitor_of_unknown_direction_has_no_best() -> None:
    """It is told once, in Keras's words, with the way out; nothing is minimised."""
    sonifier = Sonifier(["grad_norm"], directory=None, player=None, monitor="grad_norm")

    with pytest.warns(UserWarning, match="monitor=grad_norm, but Keras.*`mode='max'`"):
        cues = [
            sonifier.epoch(k, {"grad_norm": v}) for k, v in enumerate((3.0, 1.0, 2.0))
        ]

    assert [cue.readings[0].best for cue in cues if cue] == [None] * 3
    assert not any(cue.readings[0].is_best for cue in cues if cue)
    assert sonifier.end() == []


def test_mode_makes_a_direction_known() -> None:
    """With `mode="max"` the highest is the best, told and heard."""
    sonifier = Sonifier(
        ["grad_norm"], directory=None, player=None, monitor="grad_norm", mode="max"
    )

    cues = [sonifier.epoch(k, {"grad_norm": v}) for k, v in enumerate((3.0, 1.0, 4.0))]

    assert [cue.readings[0].is_best for cue in cues if cue] == [True, False, True]
    assert sonifier.end() == ["Best grad_norm: 4 at epoch 3, the last"]
