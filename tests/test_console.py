"""What a training printed, as the log that it is."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from logged import read

from keras_sonify import read_log
from keras_sonify.readers import LogError
from keras_sonify.readers.line_log import LineLog
from keras_sonify.readers.rows import Row

NOISE = "2025-11-10 14:24:10.02: I tensorflow/core/util/port.cc:153] oneDNN is on.\n"
TWO = [
    (0, {"loss": 0.9, "acc": 0.5, "val_loss": 1.0}),
    (1, {"loss": 0.5, "acc": 0.75, "val_loss": 0.7}),
]


def values(epoch: int, *, has_val: bool = True) -> str:
    """Return what Keras prints of an epoch of `TWO`."""
    shown = [f"{name}: {value:.4f}" for name, value in TWO[epoch][1].items()]
    return " - ".join(shown if has_val else shown[:2])


def drawn(epoch: int, bar: str, time: str) -> str:
    """Return an epoch as Keras draws it: again and again in its place."""
    running = f"\r {{}}/20 {bar}{time}{values(epoch, has_val=False)}"
    end = f"\r20/20 {bar}{time.replace('ETA: ', '')}{values(epoch)}\n"
    back = "\b" * 60
    return back.join([running.format(n) for n in (1, 19, 20)] + [end])


BAR = "━" * 20
COLOURED = f"\x1b[32m{BAR}\x1b[0m\x1b[37m\x1b[0m \x1b[1m1s\x1b[0m 9ms/step - "
FORMS = {
    "Keras 1, verbose=2": [f"4s - {values(n)}\n" for n in (0, 1)],
    "Keras 2.0, verbose=2": [f" - 4s - {values(n)}\n" for n in (0, 1)],
    "Keras 2.4, verbose=2": [f"20/20 - 4s - {values(n)}\n" for n in (0, 1)],
    "Keras 2.9, verbose=2": [
        f"20/20 - 4s - {values(n)} - 4s/epoch - 9ms/step\n" for n in (0, 1)
    ],
    "Keras 3, verbose=2": [f"20/20 - 2s - 9ms/step - {values(n)}\n" for n in (0, 1)],
    "Keras 1, verbose=1": [drawn(n, "[=====>....]", " - 16s - ") for n in (0, 1)],
    "Keras 2, verbose=1": [
        drawn(n, "[==========]", " - ETA: 0s 1s/step - ") for n in (0, 1)
    ],
    "Keras 3, verbose=1": [drawn(n, "", COLOURED) for n in (0, 1)],
    "cleaned": [f"20/20 [====] - 4s 1s/step - {values(n)}\n" for n in (0, 1)],
    "of unknown length": [
        f"\r 1/Unknown - 1s 9ms/step - loss: 1.5000\r20/Unknown - 1s - {values(n)}\n"
        for n in (0, 1)
    ],
    "with a checkpoint's lines": [
        f"\r20/20 {BAR} 1s 9ms/step - {values(n, has_val=False)}\n"
        f"Epoch {n + 1}: val_loss improved from inf to 0.7000, saving model to m.h5\n\n"
        f"{BAR}\b\b\r20/20 {BAR} 1s 9ms/step - {values(n)}\n"
        for n in (0, 1)
    ],
    "with a warning glued to it": [
        f"20/20 {BAR} 1s 9ms/step - {values(n)}2025-12-14 13:46:06.1: W a.cc] b - c\n"
        for n in (0, 1)
    ],
}


def printed(form: str, *, noise: str = NOISE) -> str:
    """Return what is printed of a training of two epochs."""
    first, second = FORMS[form]
    return f"{noise}Epoch 1/2\n{first}Epoch 2/2\n{noise}{second}"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [0, 1, 40])
def test_what_keras_prints_is_read(form: str, count: int) -> None:
    """As its CSV would be, in all versions, however much is printed besides."""
    assert read(printed(form, noise=NOISE * count)) == (TWO, [])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "before", ["trainer_1  | ", "2026-01-13 20:42:03,215 - INFO - ", "[1,0]<stdout>:"]
)
def test_each_line_may_have_something_before_it(form: str, before: str) -> None:
    """As Docker, a logger or `mpirun` puts it there."""
    text = re.sub(r"^(?=\S)", before, printed(form), flags=re.MULTILINE)

    assert read(text) == (TWO, [])


@pytest.mark.parametrize("form", FORMS)
def test_an_epoch_is_given_out_with_its_last_line(form: str) -> None:
    """Nobody waits for the next one, but after the first epoch of all."""
    log = LineLog("log", print)
    found = [
        (row, line[:9])
        for line in io.StringIO(printed(form), newline="")
        for row in log.feed(line)
    ]

    assert [row for row, _ in found] == TWO
    assert all(not line.startswith("Epoch") for _, line in found[1:])


@pytest.mark.parametrize("form", FORMS)
def test_what_is_evaluated_is_no_epoch(form: str) -> None:
    """Nor are its bars values of the last one."""
    bar = FORMS[form][1].replace("0.5000", "0.4000")

    assert read(printed(form) + bar.replace("20/20", "19/20") + bar)[0] == TWO


@pytest.mark.parametrize("form", FORMS)
def test_several_trainings_are_several_runs(form: str) -> None:
    """The second one begins with its first epoch."""
    assert read(printed(form) * 2)[0] == TWO * 2


def test_a_training_in_a_loop_goes_on() -> None:
    """`fit` for one epoch each prints epoch 1 of 1 again and again."""
    text = "".join(f"Epoch 1/1\n9/9 - 1s - loss: {loss}\n" for loss in (0.9, 0.5, 0.5))

    assert read(text)[0] == [(n, {"loss": x}) for n, x in enumerate((0.9, 0.5, 0.5))]


def test_a_training_that_was_joined_late_keeps_its_epochs() -> None:
    """What is printed is one-based, wherever it begins."""
    text = "9/9 - 1s - loss: 0.9\nEpoch 7/9\n9/9 - 1s - loss: 0.5\n"

    assert read(text)[0] == [(6, {"loss": 0.5})]


def test_an_epoch_that_was_cut_off_is_none() -> None:
    """A training that is killed while it validates has printed its last bar, too."""
    text = printed("Keras 3, verbose=1") + f"Epoch 3/3\n\r20/20 {BAR} 1s 9ms/step - "

    assert read(f"{text}loss: 0.4000 - acc: 0.8000")[0] == TWO


def test_damage_is_told() -> None:
    """A number that runs into another, an epoch that was written over."""
    text = (
        "Epoch 1/3\n9/9 [====] - 1s - loss: 0.9000 - acc: 0.8667.8622\n"
        "Epoch 2/3\n 4/9 [==>.] - ETA: 1s - loss: 0.8000\n"
        "Epoch 3/3\nEpoch 3/3\n9/9 [====] - 1s - loss: 0.5000 - acc: 0.7500\n"
    )

    rows, warned = read(text)

    assert rows == [(0, {"loss": 0.9}), (2, {"loss": 0.5, "acc": 0.75})]
    assert warned == [
        "the log, line 2: 'acc: 0.8667.8622' holds no number; it was left out.",
        "the log, line 3: epoch 2 has no values at its end; it was left out.",
    ]


@pytest.mark.parametrize("value", ["nan", "inf", "1.0000e-04", "-0.5000", "12"])
def test_odd_values_are_read(value: str) -> None:
    """Whatever Keras prints for one."""
    rows, _ = read(f"Epoch 1/1\n9/9 - 1s - a b/c@d: {value} - loss: 0.5000\n")

    assert repr(rows) == repr([(0, {"a b/c@d": float(value), "loss": 0.5})])


@pytest.mark.slow
@pytest.mark.parametrize("verbose", [1, 2])
def test_keras_prints_what_its_csv_holds(tmp_path: Path, verbose: int) -> None:
    """This version of it, with a checkpoint that prints in between."""
    inputs = np.random.default_rng(0).random((64, 4))
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    callbacks: list[Any] = [
        keras.callbacks.CSVLogger(tmp_path / "log.csv"),
        keras.callbacks.ModelCheckpoint(tmp_path / "model.keras", verbose=1),
    ]
    with contextlib.redirect_stdout(io.StringIO()) as output:
        model.fit(
            inputs,
            inputs.sum(1),
            epochs=4,
            validation_split=0.25,
            callbacks=callbacks,
            verbose=verbose,
        )

    rows, warned = read(output.getvalue())
    expected = list(read_log(tmp_path / "log.csv"))
    assert warned == []
    assert [epoch for epoch, _ in rows] == [0, 1, 2, 3]
    for (_, found), (_, row) in zip(rows, expected, strict=True):
        assert found == pytest.approx(row, abs=6e-5)


@pytest.mark.parametrize(
    "text",
    [
        "INFO:root:Epoch: 0 - Execution time: 11.79 seconds\n",
        "We train for 3 epochs. In epoch 2 there were 4 errors.\n",
        "epochs: 10\nbatch_size: 32\nlearning_rate: 0.001\n",
        "  Batch 1/28 | Loss: 0.0308 | Acc: 1.0000\n",
    ],
)
def test_prose_is_refused(text: str) -> None:
    """Numbers without an epoch, and epochs without a value, are no log."""
    with pytest.raises(LogError, match="holds no log"):
        read(text * 3)


PIECES = """
    Epoch epoch 1/2 2/2 1 nan loss: val_loss: acc= 0.5 0.5000 - [====] ━ 4s ETA:
    9ms/step {'loss': 'epoch': 0.1.2 Unknown [3] (0.5) %| train 1e400
""".split()  # noqa: SIM905 - reads better than so many strings
pieces = st.sampled_from([*PIECES, "\r", "\b", "\n", "\n", "\x1b[1m", "9" * 400])


@given(st.lists(pieces, max_size=60).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_console_is_a_log_or_a_clear_error(text: str) -> None:
    """Epochs with numbers by name, or one sentence."""
    rows: list[Row] = []
    told = "the log"
    try:
        rows, _ = read(text)
    except LogError as error:
        told = str(error)

    assert told.startswith("the log")
    assert all(type(epoch) is int and epoch >= 0 for epoch, _ in rows)
    assert {type(x) for _, row in rows for x in row.values()} <= {float}
