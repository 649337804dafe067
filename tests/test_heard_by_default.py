"""What of a run is heard and told, whatever its metrics are called and hold."""

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import keras_sonify
from table import read_table

from keras_sonify import Sonifier
from keras_sonify.testing import RecordingOutput

_NAN = math.nan


def _cues(
    *epochs: Any,  # noqa: ANN401 - what is no dictionary, too
    metrics: str | list[str] | None = None,
) -> tuple[list[dict[str, float]], list[str]]:
    """Return what each epoch's tones told, and what was said at the end."""
    output = RecordingOutput()
    sonifier = Sonifier(metrics, None, player=output)
    for epoch, logs in enumerate(epochs):
        sonifier.epoch(epoch, logs)
    lines = sonifier.end()
    told = [{r.metric.name: r.value for r in c.readings} for c, _, _ in output.epochs]
    return told, lines


def _write(directory: Path, run: Iterable[Mapping[str, Any]]) -> None:
    sonifier = Sonifier(["f1", "loss"], directory, player=None)
    for epoch, values in enumerate(run):
        sonifier.epoch(epoch, values)
    sonifier.end()


def _log(directory: Path, *epochs: dict[str, float]) -> Path:
    path = directory / "history.jsonl"
    path.write_text("\n".join(json.dumps(values) for values in epochs))
    return path


def test_the_rest_is_named_once_with_the_way_to_hear_it(
    recwarn: pytest.WarningsRecorder,
) -> None:
    """One line for a run, however many there are; none where one has chosen."""
    values = {f"m{place}_loss": 1.0 for place in range(40)}

    for metrics in (None, "all", ["m0_loss"]):
        _cues(values, values, values, metrics=metrics)

    (told,) = (str(each.message) for each in recwarn)
    assert told == (
        f"Not heard are: {', '.join(f'm{place}_loss' for place in range(6, 18))} and "
        "22 more. `metrics` (`--metrics`) takes the names of what to hear, or 'all'."
    )


def test_all_is_heard_if_one_asks_for_it() -> None:
    """But for the learning rate, which is no metric."""
    values = {f"m{place}": float(place) for place in range(10)}

    cues, _ = _cues({**values, "learning_rate": 0.1}, metrics="all")

    assert cues == [values]


def test_no_logs_are_no_fault(recwarn: pytest.WarningsRecorder) -> None:
    """Keras itself may call a hook without any."""
    assert _cues(None)[0] == [{}]
    assert not recwarn.list


@pytest.mark.parametrize("logs", [[0.5, 0.25], 0.5, np.array([0.5])], ids=repr)
def test_logs_without_names_are_told_of_once(logs: object) -> None:
    """With the way out: what `train_on_batch` returns by default is a list."""
    with pytest.warns(UserWarning, match="return_dict=True") as told:
        cues, _ = _cues(logs, logs)

    assert len(told) == 1
    assert cues == [{}, {}]


def test_a_vector_is_heard_by_its_mean(tmp_path: Path) -> None:
    """As the F1 score of each class: told once, kept as it is heard, NaN as NaN."""
    run = [{"loss": 1.0, "f1": np.array(f1)} for f1 in ([0.25, 0.75], [0.5, _NAN])]

    with pytest.warns(UserWarning, match="several numbers: f1") as told:
        _write(tmp_path, run)

    assert len(told) == 1
    log = (tmp_path / "log.csv").read_text().splitlines()
    assert log == ["epoch,f1,loss", "0,0.5,1.0", "1,nan,1.0"]
    assert [row.kind for row in read_table(tmp_path, "f1.wav")] == ["tone", "nan"]


def test_the_command_line_takes_all(tmp_path: Path) -> None:
    """Without it, a line names what is not told of and not heard."""
    names = [f"m{place}_loss" for place in range(10)]
    log = _log(tmp_path, dict.fromkeys(names, 1.0), dict.fromkeys(names, 0.5))

    some = keras_sonify("describe", log, directory=tmp_path)
    every = keras_sonify("describe", log, "--metrics", "all", directory=tmp_path)
    six = keras_sonify("render", log, "-o", "six", directory=tmp_path)
    files = keras_sonify("render", log, "--metrics", "all", directory=tmp_path)

    assert some.out.splitlines()[-1] == (
        "Not told of are: m6_loss, m7_loss, m8_loss, m9_loss. `--metrics` takes the "
        "names of what to tell of, or all."
    )
    assert "m9_loss began at 1" in every.out
    assert "Not told" not in every.out
    assert "m9_loss" in six.err
    assert not files.err
    assert (tmp_path / "sonification" / "m9_loss.wav").is_file()


def test_a_test_at_the_end_is_not_told_of_as_an_epoch(tmp_path: Path) -> None:
    """What was heard is what is told of, as the values came."""
    log = _log(
        tmp_path, {"loss": 1.0, "val_acc": 0.5}, {"val_acc": 0.6, "test_acc": 0.5}
    )

    told = keras_sonify("describe", log, directory=tmp_path).out

    assert "val_acc began at 0.5" in told
    assert "test_acc" not in told


def test_a_directory_is_rendered_again_as_it_was_heard(tmp_path: Path) -> None:
    """With all that was asked for, and the same six of many."""
    values = {f"m{place}_loss": 1.0 / (place + 1) for place in range(8)}
    for metrics, count in (("all", 8), (["m7_loss"], 1)):
        directory = tmp_path / str(count)
        sonifier = Sonifier(metrics, directory, player=None)
        for epoch in range(3):
            sonifier.epoch(epoch, values)
        sonifier.end()
        before = sorted(path.name for path in directory.iterdir())

        done = keras_sonify("render", directory, directory=tmp_path)

        assert done.status == 0
        assert sorted(path.name for path in directory.iterdir()) == before
        assert len(list(directory.glob("m*.wav"))) == count


@pytest.mark.parametrize(
    ("metrics", "heard"),
    [
        ("all", ["loss"]),
        (["accuracy", "auc"], ["accuracy"]),
        (["auc", "f1"], ["auc"]),
        (["f1", "auc"], ["f1"]),
        (["accuracy", "loss"], ["loss", "accuracy"]),
    ],
)
def test_a_summary_tells_what_was_asked_for(
    metrics: str | list[str], heard: list[str], tmp_path: Path
) -> None:
    """An accuracy if it was named, and without either the first of what was named."""
    sonifier = Sonifier(metrics, tmp_path, player=None)
    for epoch in range(2):
        values = {"loss": 1.0 - epoch / 2, "accuracy": 0.5, "auc": 0.5, "f1": epoch / 2}
        sonifier.epoch(epoch, values)
    sonifier.end()

    rows = read_table(tmp_path, "training.wav")
    assert list(dict.fromkeys(row.metric for row in rows if row.metric)) == heard


@pytest.mark.parametrize(
    ("logs", "heard"),
    [
        ({"d_loss": (2.5, 2.6), "g_loss": (50.0, 9.0)}, ["g_loss", "d_loss"]),
        (
            {"a_loss": (1.0, 9.0), "b_loss": (1.0, 2.0), "c_loss": (1.0, 5.0)},
            ["a_loss", "c_loss"],
        ),
        ({"a_loss": (1.0, 9.0), "total_loss": (1.0, 1.1)}, ["total_loss", "a_loss"]),
        (
            {
                "loss/d/total": (2.0, 2.1),
                "loss/g/mel": (9.0, 1.0),
                "loss/g/total": (9, 1),
            },
            ["loss/g/total", "loss/d/total"],
        ),
        ({"val_loss": (1.0, 0.9), "d_loss": (1.0, 0.5)}, ["d_loss", "val_loss"]),
        ({"loss": (1.0, 0.9), "accuracy": (0.1, 0.9)}, ["loss"]),
        ({"beta": (0.5, 0.5), "zeta": (-3.0, -1.0)}, ["zeta", "beta"]),
        ({"a_loss": (_NAN, 1.0), "b_loss": (0.0, 0.0)}, ["a_loss", "b_loss"]),
    ],
)
@pytest.mark.parametrize("metrics", [None, "all"])
def test_a_summary_tells_the_total_or_what_moves_most(
    logs: dict[str, tuple[float, float]],
    heard: list[str],
    metrics: str | None,
    tmp_path: Path,
) -> None:
    """One after the other, two at most; with a loss as a whole, that alone."""
    sonifier = Sonifier(metrics, tmp_path, player=None)
    for epoch in range(2):
        sonifier.epoch(epoch, {name: values[epoch] for name, values in logs.items()})
    sonifier.end()

    rows = read_table(tmp_path, "training.wav")
    assert list(dict.fromkeys(row.metric for row in rows if row.metric)) == heard
