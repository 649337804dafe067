"""The rule for overfitting: validation gets worse while training still improves."""

import pytest
from happenings import RISING, epochs_of, falling, noise, tell


def test_overfitting_is_told_within_five_epochs_of_the_best() -> None:
    """Three epochs running after the smoothed loss has risen by 5 %: told once."""
    events = tell(loss=falling(20), val_loss=RISING)

    assert epochs_of("overfitting", events) == [14]
    (event,) = [e for e in events if e.kind == "overfitting"]
    assert event.sentence == (
        "Epoch 15: validation loss best 1.1 at epoch 10, 23% worse now "
        "while training still improves: overfitting"
    )


def test_overfitting_is_armed_again_by_a_new_best() -> None:
    """What recovers and overfits again is told of twice, in shares of all it gained."""
    again = [*RISING, *(value - 1.0 for value in RISING)]

    events = tell(loss=[4.0 - 0.1 * k for k in range(40)], val_loss=again)

    assert epochs_of("overfitting", events) == [14, 35]


def test_overfitting_needs_no_positive_loss() -> None:
    """A dice loss overfits as any other does."""
    events = tell(
        loss=[-k / 20 for k in range(20)],
        val_loss=[value - 3.0 for value in RISING],
    )

    assert epochs_of("overfitting", events) == [14]


@pytest.mark.parametrize(
    ("loss", "val_loss"),
    [
        pytest.param([1.0, *[0.5] * 19], RISING, id="training improves no more"),
        pytest.param(RISING, RISING, id="both rise"),
        pytest.param(falling(40), falling(10) + noise(30, 0.8, 0.016), id="noise"),
        pytest.param(
            falling(40, factor=0.7),
            falling(20, factor=0.6) + [1e-4 * k for k in range(1, 21)],
            id="small losses near convergence",
        ),
        pytest.param(
            falling(40),
            [9.0 if k % 7 == 5 else 2.0 * 0.95**k for k in range(40)],
            id="spikes of one epoch",
        ),
        pytest.param(
            falling(30),
            [1.0, 1.6, *(1.6 * 0.96**k for k in range(28))],
            id="falling again",
        ),
        pytest.param(falling(30), [1.0] * 30, id="constant"),
        pytest.param(falling(30), [1.0 + 0.999**k for k in range(30)], id="gap"),
    ],
)
def test_what_is_no_overfitting(loss: list[float], val_loss: list[float]) -> None:
    """Validation that is worse is none if it does not rise while training improves."""
    assert epochs_of("overfitting", tell(loss=loss, val_loss=val_loss)) == []


def test_overfitting_is_not_told_in_the_best_epoch_of_all() -> None:
    """After a bad stretch the smoothed loss lags: a new best must not be an alarm."""
    val_loss = [1.4, 0.87, 0.88, 0.76, 0.93, 1.2, 0.97, 0.73, 1.3, 0.69, 0.66, 0.65]

    events = tell(loss=falling(12), val_loss=val_loss)

    best = [k for k, v in enumerate(val_loss) if v == min(val_loss[: k + 1])]
    assert not set(epochs_of("overfitting", events)) & set(best)


def test_overfitting_without_validation_in_most_epochs() -> None:
    """With `validation_freq=5` it is told in an epoch that was validated."""
    val_loss: list[float | None] = [None] * 100
    val_loss[4::5] = RISING

    events = tell(loss=falling(100, factor=0.97), val_loss=val_loss)

    assert epochs_of("overfitting", events) == [4 + 5 * 14]


def test_no_validation_no_overfitting() -> None:
    """Without `val_loss` neither overfitting nor a new best of it is told."""
    events = tell(loss=falling(30), accuracy=[1 - v / 2 for v in falling(30)])

    assert events == []
