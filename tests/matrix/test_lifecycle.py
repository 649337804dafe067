"""Whatever becomes of a training, on any backend, its files are right."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from any_keras import (
    INPUTS,
    IS_LEGACY,
    TARGETS,
    break_off,
    check,
    fit,
    keras,
    logged,
    mute,
    network,
)


@pytest.fixture(scope="module")
def model() -> Any:  # noqa: ANN401 - Keras has no types
    """A network; all trainings here that need none of their own go on with it."""
    return network()


def at(epoch: int, place: str, do: Any) -> Any:  # noqa: ANN401
    """Return a callback that does something in an epoch: at its end, or in a batch."""
    seen = [0]

    def begin(number: int, logs: object = None) -> None:  # noqa: ARG001
        seen[0] = number

    def act(number: int, logs: object = None) -> None:  # noqa: ARG001
        if seen[0] == epoch:
            do()

    hook = "on_epoch_end" if place == "epoch" else "on_train_batch_end"
    return keras.callbacks.LambdaCallback(on_epoch_begin=begin, **{hook: act})


def throw(error: BaseException) -> None:
    """Raise an exception."""
    raise error


def test_plain_training(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Eight epochs with validation are recorded and heard as Keras tells them."""
    history = fit(model, mute(tmp_path), epochs=8).history

    check(tmp_path, range(8), history)
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}


def test_validation_every_third_epoch(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Its values stand in the epochs in which it took place."""
    history = fit(model, mute(tmp_path), epochs=6, validation_freq=3).history

    check(tmp_path, range(6), history)
    is_there = np.isfinite(logged(tmp_path)["val_loss"])
    assert is_there.tolist() == [False, False, True] * 2


@pytest.mark.skipif(IS_LEGACY, reason="tf_keras refuses it")
def test_no_epoch_at_all(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """It leaves nothing behind."""
    fit(model, mute(tmp_path / "sound"), epochs=0)

    assert not (tmp_path / "sound").exists()


def test_initial_epoch(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Epochs are those that Keras counts."""
    history = fit(model, mute(tmp_path), initial_epoch=3, epochs=5).history

    check(tmp_path, [3, 4], history)


def test_generator_of_unknown_length(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """It needs no number of steps."""

    def batches() -> Iterator[tuple[Any, Any]]:
        for _ in range(6):
            yield INPUTS[:8], TARGETS[:8]

    options = {"x": batches(), "y": None, "epochs": 2, "steps_per_epoch": 3}
    history = fit(model, mute(tmp_path), **options).history

    check(tmp_path, range(2), history)


def test_stopped_within_a_batch(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """The epoch in which it was stopped is the last one."""

    def stop() -> None:
        model.stop_training = True

    fit(model, mute(tmp_path), at(2, "batch", stop), epochs=6)

    check(tmp_path, range(3))


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("place", ["batch", "epoch"])
@pytest.mark.parametrize("is_first", [True, False], ids=["ours_first", "ours_last"])
def test_exception(
    model: Any,  # noqa: ANN401
    tmp_path: Path,
    error: type[BaseException],
    place: str,
    is_first: bool,
) -> None:
    """It comes out as it is; what came before is kept, and the next `fit` is right."""
    ours, thrown = mute(tmp_path), error("on purpose")
    theirs = at(2, place, lambda: throw(thrown))

    with pytest.raises(error) as caught:
        fit(model, *((ours, theirs) if is_first else (theirs, ours)))
    break_off(ours)

    assert caught.value is thrown
    check(tmp_path, range(3 if place == "epoch" and is_first else 2))
    check(tmp_path, range(4), fit(model, ours).history)


def test_used_again_and_with_another_model(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Each training begins anew."""
    ours = mute(tmp_path)

    for trained in (model, model, network()):
        check(tmp_path, range(4), fit(trained, ours).history)


def test_listed_twice(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """It is heard once."""
    ours = mute(tmp_path)

    check(tmp_path, range(4), fit(model, ours, ours).history)


@pytest.mark.parametrize("is_own", [True, False], ids=["own_callback", "same_callback"])
def test_fit_within_a_fit(model: Any, tmp_path: Path, is_own: bool) -> None:  # noqa: ANN401
    """With a callback of its own both are right; with the same, both come to an end."""
    ours = mute(tmp_path / "outer")
    inner_model = network()
    inner = mute(tmp_path / "inner") if is_own else ours

    history = fit(model, at(1, "epoch", lambda: fit(inner_model, inner)), ours).history

    assert len(history["loss"]) == 4
    if is_own:
        check(tmp_path / "outer", range(4), history)
        check(tmp_path / "inner", range(4))


def test_without_a_list(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """`callbacks=` takes it as it is."""
    check(tmp_path, range(4), fit(model, callbacks=mute(tmp_path)).history)


@pytest.mark.skipif(IS_LEGACY, reason="not tried with tf_keras")
def test_loop_of_the_users_own(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """A `CallbackList` without `fit` is heard as well."""
    each = keras.callbacks.CallbackList([mute(tmp_path)], model=model, epochs=3)

    each.on_train_begin()
    for epoch in range(3):
        each.on_epoch_begin(epoch)
        each.on_epoch_end(epoch, {"loss": 1.0 / (epoch + 1)})
    each.on_train_end()

    check(tmp_path, range(3), {"loss": [1.0, 1 / 2, 1 / 3]})


def test_two_fits_in_two_threads(tmp_path: Path) -> None:
    """They do not disturb each other."""
    directories = [tmp_path / "a", tmp_path / "b"]
    threads = [
        threading.Thread(target=fit, args=(network(), mute(path)))
        for path in directories
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240.0)

    for path in directories:
        check(path, range(4))


def test_resumed_after_a_crash(tmp_path: Path) -> None:
    """`BackupAndRestore` goes on, and so does the record of the first part."""
    options = {"epochs": 6, "initial_epoch": 0}
    for error in (RuntimeError("on purpose"), None):
        model = network()
        if IS_LEGACY:
            model(INPUTS)
        callbacks = [mute(tmp_path / "sound")]
        callbacks += [keras.callbacks.BackupAndRestore(tmp_path / "backup")]
        if error is not None:
            callbacks += [at(3, "batch", lambda: throw(RuntimeError("on purpose")))]
            with pytest.raises(RuntimeError):
                fit(model, *callbacks, **options)
            break_off(callbacks[0])
        else:
            fit(model, *callbacks, **options)

    check(tmp_path / "sound", range(6))


def test_evaluate_and_predict(model: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """They leave nothing behind."""
    ours = mute(tmp_path / "sound")

    model.evaluate(INPUTS, TARGETS, callbacks=[ours], verbose=0)
    model.predict(INPUTS, callbacks=[ours], verbose=0)

    assert not (tmp_path / "sound").exists()
