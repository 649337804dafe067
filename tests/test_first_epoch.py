"""Epochs are told as their owner counts them."""

import io
from pathlib import Path

import pytest

from keras_sonify import Sonifier, read_log
from keras_sonify.readers.first_epoch import FirstEpoch


@pytest.mark.parametrize(
    "text",
    [
        "epoch,loss\n{0},0.9\n{1},0.5\n",
        "Epoch,Loss\n{0},0.9\n{1},0.5\n",
        '"","loss"\n"{0}",0.9\n"{1}",0.5\n',
        "epoch,loss\n{0}.0,0.9\n{1}.0,0.5\n",
        "epoch,step,loss\n{0},9,0.9\n{1},19,0.5\n",
        '{{"epoch":{0},"loss":0.9}}\n{{"epoch":{1},"loss":0.5}}\n',
        '[{{"epoch":{0},"loss":0.9}},{{"epoch":{1},"loss":0.5}}]',
        '{{"epoch":[{0},{1}],"loss":[0.9,0.5]}}',
    ],
)
@pytest.mark.parametrize(("first", "told"), [(0, 0), (1, 0), (2, 2), (10, 10)])
def test_a_log_whose_first_epoch_is_1_counts_from_1(
    text: str, first: int, told: int
) -> None:
    """In every form; one that begins elsewhere was resumed, in Keras, from 0."""
    rows = list(read_log(io.StringIO(text.format(first, first + 1))))

    assert rows == [(told, {"loss": 0.9}), (told + 1, {"loss": 0.5})]


def test_each_run_of_a_log_counts_as_its_first_does() -> None:
    """Whoever appends to a log does so with the same program."""
    text = "epoch,loss\n1,0.9\n2,0.5\n1,0.8\n2,0.4\n"

    assert [epoch for epoch, _ in read_log(io.StringIO(text))] == [0, 1, 0, 1]


def test_a_zero_that_comes_later_is_one() -> None:
    """Then the first epoch was that of a training that was resumed."""
    first = FirstEpoch()

    assert [first.zero_based(epoch) for epoch in (1, 2, 0, 1)] == [0, 1, 0, 1]


def test_our_own_record_counts_from_0(tmp_path: Path) -> None:
    """Also where its first epoch is 1: it lies beside what says that it is ours."""
    sonifier = Sonifier(directory=tmp_path, player=None)
    for epoch in (1, 2):
        sonifier.epoch(epoch, {"loss": 1.0 / epoch})
    sonifier.end()

    for log in (tmp_path, tmp_path / "log.csv"):
        assert [epoch for epoch, _ in read_log(log)] == [1, 2]


def test_our_own_record_is_one_whatever_its_metrics_are_called(tmp_path: Path) -> None:
    """A name may be a number, or what a spreadsheet would run."""
    sonifier = Sonifier(["0.5", "=a1"], directory=tmp_path, player=None)
    sonifier.epoch(0, {"0.5": 1.0, "=a1": 2.0})
    sonifier.end()

    assert list(read_log(tmp_path)) == [(0, {"0.5": 1.0, "=a1": 2.0})]
