"""A training is what it would be without the callback, on any backend."""

import copy
import pickle
from pathlib import Path
from typing import Any

import pytest
from any_keras import BACKEND, IS_LEGACY, KERAS, check, fit, keras, mute, network


def test_pickled_before_within_and_after(tmp_path: Path) -> None:
    """The model is left behind: it stays small, and the copy can be used."""
    model, ours, sizes, copies = network(), mute(tmp_path / "first"), [], []

    def keep(*_: object, **__: object) -> None:
        sizes.append(len(pickle.dumps(ours)))
        copies.append(copy.deepcopy(ours))

    keep()
    fit(model, ours, keras.callbacks.LambdaCallback(on_epoch_end=keep))
    keep()

    assert len(sizes) == 6
    assert max(sizes) < 3_000
    for copied in copies:
        check(tmp_path / "first", range(2), fit(model, copied, epochs=2).history)


def test_lines(capfd: Any) -> None:  # noqa: ANN401
    """With `verbose=1` each epoch is a line, and the end."""
    fit(network(), mute(None, verbose=1), epochs=2)

    lines = capfd.readouterr().out.splitlines()
    assert [line[:13] for line in lines[:2]] == ["Epoch 1 of 2:", "Epoch 2 of 2:"]
    assert "Training finished after epoch 2 of 2" in lines[2]


def test_results_are_the_same_with_and_without() -> None:
    """Weights and history are identical to the bit."""
    seen = []
    for callbacks in ([], [mute(None)], []):
        model = network()
        history = fit(model, *callbacks).history
        seen.append([history, *(w.tobytes() for w in model.get_weights())])

    assert seen[0] == seen[1] == seen[2]


@pytest.mark.skipif(
    IS_LEGACY or BACKEND == "tensorflow" or KERAS < (3, 5),
    reason="Keras waits for each batch there in any case",
)
def test_batches_are_not_waited_for() -> None:
    """Keras goes on calling callbacks in the background."""
    each = keras.callbacks.CallbackList([mute(None)], model=network())

    assert each._async_train
