"""Each batch's own values, out of the means of the epoch so far that Keras tells."""

import math

import numpy as np
import pytest

from keras_sonify.callback.own_values import OwnValues, full_batches

NAN, INF = math.nan, math.inf


def _told(values: list[float]) -> list[float]:
    """Return the mean of all values so far, with each, as a 32-bit number."""
    sums = np.cumsum(values) / np.arange(1, len(values) + 1)
    return [float(mean) for mean in sums.astype("float32")]


def _undone(told: list[float], stride: int = 1) -> list[float | None]:
    own = OwnValues(means={"loss"})
    counts = range(stride, len(told) + 1, stride)
    return [own.row({"loss": told[n - 1]}, n).get("loss") for n in counts]


def test_running_means_are_undone() -> None:
    """Each batch has its own value back, as far as 32 bits tell."""
    values = np.random.default_rng(1).gamma(9.0, 0.1, 5000).tolist()

    assert _undone(_told(values)) == pytest.approx(values, abs=2e-3)
    assert _undone(_told(values))[:100] == pytest.approx(values[:100], abs=3e-5)


def test_several_batches_have_their_mean() -> None:
    """Where only each fourth is told, as with `steps_per_execution`."""
    values = np.random.default_rng(1).gamma(9.0, 0.1, 400)
    means = values.reshape(100, 4).mean(axis=1)

    assert _undone(_told(values.tolist()), 4) == pytest.approx(means, abs=3e-4)


def test_no_digits_are_made_up() -> None:
    """An accuracy of 0 or 1 is just that, however long the epoch is."""
    values = [float(batch % 7 == 0) for batch in range(3000)]

    assert _undone(_told(values)) == values


@pytest.mark.parametrize("wrong", [NAN, INF, -INF])
@pytest.mark.parametrize("kind", ["means", "running"])
def test_what_is_no_number_is_told_once(wrong: float, kind: str) -> None:
    """With the batch in which it came; of those after it nothing is known."""
    both = {"loss", "accuracy"}
    own = OwnValues(**{kind: both})

    rows = [own.row({"loss": 1.0, "accuracy": 0.5}, 1)]
    rows += [own.row({"loss": wrong, "accuracy": 0.5}, n) for n in (2, 3)]

    assert rows[0] == {"loss": 1.0, "accuracy": 0.5}
    assert repr(rows[1]["loss"]) == repr(wrong)
    assert rows[2] == {"accuracy": 0.5}


def test_a_smaller_last_batch_counts_by_its_samples() -> None:
    """Two full batches of mean 1.0, and half a one of 3.0."""
    own = OwnValues(means={"loss", "auc"})
    own.row({"loss": 1.0, "auc": 1.0}, 2)

    row = own.row({"loss": 3.5 / 2.5, "auc": 1.0}, 3, {"loss": 2.5})

    assert row == {"loss": pytest.approx(3.0)}


def test_what_is_no_mean_is_taken_as_it_is_told() -> None:
    """Known for the epoch so far, or told by a `train_step` of the user's own."""
    own = OwnValues(means={"loss"}, running={"auc"})

    rows = [own.row({"auc": auc, "own": -auc}, n) for n, auc in ((1, 0.5), (2, 0.7))]

    assert rows == [{"auc": 0.5, "own": -0.5}, {"auc": 0.7, "own": -0.7}]


def test_what_is_too_great_for_a_number_is_left_out() -> None:
    """The values were numbers, so none of them is told to be infinite."""
    own = OwnValues(means={"loss"})

    own.row({"loss": -1.7e308}, 100_000)

    assert own.row({"loss": 1.7e308}, 100_001) == {}


@pytest.mark.parametrize("size", [1, 7, 32, 500])
@pytest.mark.parametrize("batches", [501, 1000])
def test_the_size_of_the_last_batch_is_found(size: int, batches: int) -> None:
    """Where an epoch has more batches than a batch has samples, it is found always."""
    for last in {1, size // 2 or 1, size}:
        count = size * (batches - 1) + last
        assert full_batches(count, batches) == pytest.approx(count / size)
