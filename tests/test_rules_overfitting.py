"""The rule for overfitting: validation gets worse while training still improves."""

import pytest
from happenings import RISING, epochs_of, falling, noise, tell


def test_a_steep_rise_is_told_as_it_comes() -> None:
    """Worse in three epochs running while training improves: told once, as it is."""
    events = tell(loss=falling(20), val_loss=RISING)

    assert epochs_of("overfitting", events) == [13]
    (event,) = [e for e in events if e.kind == "overfitting"]
    assert event.sentence == (
        "Epoch 14: validation loss best 1.1 at epoch 10, 18 percent worse now "
        "while training still improves: overfitting"
    )


def test_overfitting_is_told_within_five_epochs_of_the_best() -> None:
    """Three epochs running after the smoothed loss has risen by 5 %: told once."""
    rough = [value + 0.12 * (k % 2) for k, value in enumerate(RISING)]

    events = tell(loss=falling(20), val_loss=rough)

    assert epochs_of("overfitting", events) == [14]
    assert "13 percent worse now" in events[-1].text  # of the smoothed values


def test_the_first_epochs_are_no_overfitting() -> None:
    """Until its statistics have settled, validation often gets worse for a while."""
    val_loss = [1.5, 2.0, 3.1, 3.4, 3.2, 2.8, 2.1, 1.6, 1.4, 1.1, 1.0, 0.9, 0.8]

    assert epochs_of("overfitting", tell(loss=falling(13), val_loss=val_loss)) == []


def test_overfitting_is_armed_again_by_a_new_best() -> None:
    """What recovers and overfits again is told of twice, in shares of all it gained."""
    again = [*RISING, *(value - 1.0 for value in RISING)]

    events = tell(loss=[4.0 - 0.1 * k for k in range(40)], val_loss=again)

    assert epochs_of("overfitting", events) == [13, 34]


def test_overfitting_is_armed_again_by_a_best_near_the_best_smoothed_value() -> None:
    """A new best that the median hides counts once the loss is where it was."""
    once = [2.0 - 0.1 * k for k in range(10)] + [1.2, 1.4, 1.6, 1.8, 1.9, 1.9]
    val_loss = [*once, 1.5, 1.105, 1.0, 1.105, 1.105, 1.2, 1.35, 1.5, 1.65, 1.8]

    events = tell(loss=[4.0 - 0.1 * k for k in range(len(val_loss))], val_loss=val_loss)

    assert len(epochs_of("overfitting", events)) == 2


def test_overfitting_is_told_once_where_no_best_lies_between() -> None:
    """A loss that only came near its best has not recovered."""
    once = [2.0 - 0.1 * k for k in range(10)] + [1.2, 1.4, 1.6, 1.8, 1.9, 1.9]
    val_loss = [*once, 1.5, 1.2, 1.2, 1.2, 1.2, 1.2, 1.35, 1.5, 1.65, 1.8]

    events = tell(loss=[4.0 - 0.1 * k for k in range(len(val_loss))], val_loss=val_loss)

    assert len(epochs_of("overfitting", events)) == 1


def test_overfitting_needs_no_positive_loss() -> None:
    """A dice loss overfits as any other does."""
    events = tell(
        loss=[-k / 20 for k in range(20)],
        val_loss=[value - 3.0 for value in RISING],
    )

    assert epochs_of("overfitting", events) == [13]


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

    assert epochs_of("overfitting", events) == [4 + 5 * 13]


def test_no_validation_no_overfitting() -> None:
    """Without `val_loss` neither overfitting nor a new best of it is told."""
    events = tell(loss=falling(30), accuracy=[1 - v / 2 for v in falling(30)])

    assert events == []
