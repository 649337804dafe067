"""Who calls `fit` for the user: a tuner, and scikit-learn."""

from pathlib import Path
from typing import Any

import pytest
from any_keras import (
    INPUTS,
    IS_LEGACY,
    KERAS,
    TARGETS,
    check,
    keras,
    mute,
    network,
)

pytestmark = pytest.mark.skipif(IS_LEGACY, reason="they are of Keras 3")


def test_keras_tuner(tmp_path: Path) -> None:
    """With `{run}` each of its trainings has a directory of its own."""
    tuner_of: Any = pytest.importorskip("keras_tuner")

    def build(choice: Any) -> Any:  # noqa: ANN401
        rate = choice.Float("rate", 0.01, 0.1)
        return network(optimizer=keras.optimizers.SGD(rate))

    tuner = tuner_of.RandomSearch(
        build,
        "val_loss",
        max_trials=2,
        executions_per_trial=2,
        directory=tmp_path / "tuner",
        seed=1,
    )
    tuner.search(
        INPUTS,
        TARGETS,
        epochs=2,
        verbose=0,
        validation_data=(INPUTS, TARGETS),
        callbacks=[mute(tmp_path / "{run}")],
    )

    for number in range(1, 5):
        check(tmp_path / str(number), range(2))
    assert not (tmp_path / "5").exists()


@pytest.mark.skipif(KERAS < (3, 9), reason="Keras has no wrapper before 3.9")
def test_scikit_learn(tmp_path: Path) -> None:
    """A wrapper's `fit` is heard; `clone` drops what it was given for `fit`."""
    base: Any = pytest.importorskip("sklearn.base")

    def build(X: Any, y: Any) -> Any:  # noqa: ANN401, ARG001, N803 - its own names
        layers = keras.layers
        model = keras.Sequential([layers.Input((2,)), layers.Dense(2, "softmax")])
        model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
        return model

    given = {"epochs": 3, "verbose": 0, "callbacks": [mute(tmp_path / "sound")]}
    wrapped = keras.wrappers.SKLearnClassifier(build, fit_kwargs=given)
    copied = base.clone(wrapped)

    wrapped.fit(INPUTS, TARGETS[:, 0])

    check(tmp_path / "sound", range(3))
    assert not copied.fit_kwargs
