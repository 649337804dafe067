"""How many epochs there are to be, as a log tells it."""

import pytest

from keras_sonify.readers.planned import Planned


@pytest.mark.parametrize(
    ("lines", "epochs"),
    [
        (["Epoch 3/20", "10/10 - 4s - loss: 0.5"], 20),
        (["12:00 INFO Epoch [1/90] loss 0.3"], 90),
        (["epoch 9 of 50: loss 0.5"], 50),
        (["Epoch 1/20", "Epoch 2/30"], 30),
        (["Epoch 0/19", "Epoch 1/19"], None),
        (["Epoch 21/20"], None),
        (["epoch: 3 10/20", "epoch 3/20.5", "step 3/20", "epoch,loss"], None),
    ],
)
def test_what_lines_say(lines: list[str], epochs: int | None) -> None:
    """The last word counts; of epochs that count from 0, nobody knows the last."""
    planned = Planned()
    for line in lines:
        planned.feed(line.encode())

    assert planned.plan.epochs == epochs
