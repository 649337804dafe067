"""What trainings print that count steps, and no epochs."""

import io

import pytest

from keras_sonify import read_log
from keras_sonify.readers import LogError
from keras_sonify.readers.rows import Row, window_of

_FORMS = {
    "nanoGPT": ["iter {}: loss {}, time 100.00ms, mfu -100.00%"],
    "Caffe": ["I0101 10:00:00.1 27 solver.cpp:228] Iteration {}, loss = {}"],
    "TensorFlow's estimators": [
        "INFO:tensorflow:loss = {1}, step = {0} (1.0 sec)",
        "INFO:tensorflow:global_step/sec: 98.1",
    ],
    "bars": ["Step: {} | Loss: {} | lr 0.001"],
}


def read(text: str) -> list[Row]:
    """Return the rows of what was printed."""
    return list(read_log(io.StringIO(text), warn=lambda _: None))


def printed(form: str) -> str:
    """Return what is printed of four steps."""
    steps = ((100 * place, loss) for place, loss in enumerate((2.5, 1.5, 1.0, 0.75)))
    return "".join(f"{line}\n".format(*step) for step in steps for line in _FORMS[form])


@pytest.mark.parametrize("noise", ["", "Loading 3 shards\nloss: mse\n"])
@pytest.mark.parametrize("form", _FORMS)
def test_steps_that_are_printed_are_steps(form: str, noise: str) -> None:
    """Each at its own place, from the first one on."""
    rows = read(noise + printed(form))

    assert [(step, values["loss"]) for step, values in rows] == [
        (0, 2.5),
        (100, 1.5),
        (200, 1.0),
        (300, 0.75),
    ]
    assert all(window_of(row) is not None for row in rows)


def test_a_validation_between_steps_is_one() -> None:
    """Its loss is no zigzag of the other."""
    lines = printed("nanoGPT") + "step 300: train loss 0.7, val loss 0.9\n"

    assert [v["val_loss"] for _, v in read(lines) if "val_loss" in v] == [0.9]


@pytest.mark.parametrize("first", [0, 1])
def test_epochs_above_the_steps_are_kept(first: int) -> None:
    """Each step lies in its own, though each of them counts anew."""
    lines = "".join(
        f"Epoch {first + epoch}\n"
        + "".join(f"step {100 * k}: loss {loss}\n" for k in range(1, 5))
        for epoch, loss in ((0, 0.5), (1, 0.25))
    )

    windows = [window_of(row) for row in read("noise\nof a start\n" + lines)]

    assert [window.epoch for window in windows if window] == [0] * 4 + [1] * 4


@pytest.mark.parametrize(
    "text",
    [
        "step 1: download\nstep 2: loss is mse\nstep 3: done\n",
        "step 3: loss 0.5\nstep 2: loss 0.5\nstep 1: loss 0.5\n",
        "step 1: loss 0.5\nstep 2: loss 0.4\n",
    ],
)
def test_what_only_looks_like_steps_is_refused(text: str) -> None:
    """Three that rise, with values, are needed to be sure."""
    with pytest.raises(LogError, match="holds no log"):
        read(text)
