"""Rules for how it goes on: stuck, and a plateau after learning."""

import math
from typing import Any

import pytest
from happenings import epochs_of, falling, noise, tell

_NAN = math.nan
_LEARNT = falling(11)  # its last gain is in epoch 10


def test_stuck_is_told_in_the_tenth_epoch() -> None:
    """A training loss that has gained less than 2 % by then: told once, with values."""
    events = tell(loss=[2.303 - 0.004 * k for k in range(30)])

    assert epochs_of("stuck", events) == [9]
    assert events[0].sentence == (
        "Epoch 10: training loss 2.267, at the start 2.303: it has not learnt yet"
    )


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param([1.0, *[0.97] * 19], id="gained 3 %"),
        pytest.param([1.0, *[1.2] * 7, 0.9, 0.9, *[1.2] * 10], id="gained and lost"),
        pytest.param([*[1.0] * 5, *[_NAN] * 15], id="lost"),
        pytest.param([1.0, 0.99, *[20.0] * 18], id="diverged"),
        pytest.param([1.0] * 9, id="nine epochs"),
    ],
)
def test_what_is_not_stuck(loss: list[float]) -> None:
    """A gain, however it came, a loss that has blown up, or too few epochs."""
    assert epochs_of("stuck", tell(loss=loss)) == []


def test_one_lucky_epoch_is_no_gain() -> None:
    """The loss is judged by its smoothed values."""
    loss = [2.3, *[2.31] * 6, 2.1, *[2.31] * 22]

    assert [(e.kind, e.epoch) for e in tell(loss=loss)] == [("stuck", 9)]


def test_stuck_is_no_plateau() -> None:
    """What never learnt is told as such, and once, not as a plateau ten epochs on."""
    constant = tell(loss=[2.3] * 60, val_loss=[2.3] * 60)
    creeping = tell(loss=[2.3 - 4e-4 * k for k in range(60)])

    assert [(e.kind, e.epoch) for e in constant] == [("stuck", 9)]
    assert [(e.kind, e.epoch) for e in creeping] == [("stuck", 9)]


def test_a_resumed_training_is_not_stuck() -> None:
    """Its first epochs are not known: if it gains nothing it is on a plateau."""
    events = tell(first=7, loss=[0.3] * 30)

    assert [(e.kind, e.epoch) for e in events] == [("plateau", 17)]


@pytest.mark.parametrize("first", [0, 7])
def test_a_plateau_is_told_after_ten_epochs(first: int) -> None:
    """Ten epochs after the smoothed loss gained for the last time, and once."""
    validation = tell(first=first, loss=falling(60), val_loss=_LEARNT + [0.7] * 49)
    training = tell(first=first, loss=_LEARNT + [0.7] * 49)

    # The smoothed loss gets there an epoch later.
    assert epochs_of("plateau", validation) == [first + 21]
    assert epochs_of("plateau", training) == [first + 21]
    assert [e.text for e in validation + training if e.kind == "plateau"] == [
        f"{name} loss has hardly improved for 10 epochs, "
        f"best 0.6974 at epoch {first + 11}"
        for name in ("validation", "training")
    ]


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(_LEARNT + noise(40, 0.75, 0.02), id="noise"),
        pytest.param(_LEARNT + [0.72, 5.0, 0.72, 0.72] * 10, id="spikes"),
        pytest.param([v - 3.0 for v in _LEARNT] + [-2.28] * 40, id="negative"),
        pytest.param(_LEARNT + [0.7 - 1e-5 * k for k in range(40)], id="creeping"),
    ],
)
def test_a_plateau_is_told_once(loss: list[float]) -> None:
    """Noise, spikes and gains too small to matter do not make two of one plateau."""
    assert len(epochs_of("plateau", tell(loss=loss))) == 1


@pytest.mark.parametrize(
    ("loss", "val_loss"),
    [
        pytest.param(falling(80, factor=0.99), None, id="slow but steady"),
        pytest.param(
            [v + n for v, n in zip(falling(80), noise(80, 0, 1e-5), strict=True)],
            None,
            id="fast with noise",
        ),
        pytest.param(_LEARNT + [0.7] * 9, None, id="nine epochs"),
        pytest.param(_LEARNT + [_NAN] * 30, None, id="lost"),
        pytest.param(
            [4.0 - 0.04 * k for k in range(60)],
            falling(20) + [0.27 + 0.03 * k for k in range(40)],
            id="overfitting",
        ),
    ],
)
def test_what_is_no_plateau(loss: list[float], val_loss: list[float] | None) -> None:
    """Slow gains are gains, and what overfits or is lost is told as that."""
    columns: dict[str, Any] = {"loss": loss}
    if val_loss:
        columns["val_loss"] = val_loss

    assert epochs_of("plateau", tell(**columns)) == []


def test_a_new_best_is_no_plateau() -> None:
    """Where noise hides the gain of the smoothed loss, new bests tell of it."""
    loss = [1.0 if k % 8 else 0.9 * 0.99**k for k in range(80)]

    assert epochs_of("plateau", tell(loss=[*falling(8), *loss])) == []


@pytest.mark.parametrize(("gain", "told"), [(0.02, 1), (0.08, 1), (0.12, 2)])
def test_a_plateau_is_armed_again_by_a_gain(gain: float, told: int) -> None:
    """After another 10 % the next plateau is news; after less it is the same one."""
    lower = (1 - gain) * 0.69

    events = tell(loss=_LEARNT + [0.69] * 20 + [lower] * 20)

    assert len(epochs_of("plateau", events)) == told


@pytest.mark.parametrize("every", [2, 5, 12, 30])
def test_epochs_that_were_not_validated_do_not_count(every: int) -> None:
    """With `validation_freq` a steady gain is none, however long it takes to come."""
    count = 15 * every
    val_loss: list[float | None] = [None] * count
    val_loss[every - 1 :: every] = [5.0 * 0.9**k for k in range(15)]

    events = tell(loss=falling(count, factor=0.97), val_loss=val_loss)

    assert epochs_of("plateau", events) == []


def test_validation_that_begins_late_is_held_against_itself() -> None:
    """A validation loss above the training losses before it is no plateau."""
    val_loss: list[float | None] = [*[None] * 9, *falling(30, start=9.0)]

    assert epochs_of("plateau", tell(loss=falling(39), val_loss=val_loss)) == []
