"""A run in a line for a braille display."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from keras_sonify import read_log
from keras_sonify.cli import commands
from keras_sonify.training.history import History
from keras_sonify.words.brief import CELLS, brief_line
from keras_sonify.words.description import describe_run

_LOGS = Path(__file__).parent
_TRAININGS = sorted((_LOGS / "trainings").glob("*.csv"))
_SAID = {
    "converging": ("IMPROVING",),
    "overfitting": ("OVERFIT",),
    "diverged": ("DIVERGED",),
    "nan": ("NAN",),
    "stuck": ("STUCK",),
    "plateau": ("LEVEL", "WORSE", "IMPROVING"),
    "oscillating": ("LEVEL", "WORSE", "OVERFIT"),
}


def brief(**columns: list[float]) -> str:
    """Return the line for a run of these metrics."""
    history = History()
    for epoch, values in enumerate(zip(*columns.values(), strict=True)):
        history.append(epoch, dict(zip(columns, values, strict=True)))
    return brief_line(describe_run(history))


@pytest.mark.parametrize("path", _TRAININGS, ids=lambda path: path.stem)
def test_real_trainings_are_judged(path: Path) -> None:
    """By the word that ends the line, as the verdict does in a sentence."""
    history = History()
    for epoch, values in read_log(path):
        history.append(epoch, values)

    line = brief_line(describe_run(history))

    assert line.rpartition(" | ")[2] in _SAID[path.stem.rpartition("_")[0]]


def test_the_best_and_the_last_are_in_it() -> None:
    """With how far the last one is from the best."""
    fall = [2.0 - 0.1 * epoch for epoch in range(30)]
    validation = [2.2 - 0.1 * epoch for epoch in range(15)] + [0.686]
    validation += [0.686 + 0.077 * epoch for epoch in range(1, 14)] + [1.76]
    loss = [*fall[:19], *(0.1 - 0.005 * epoch for epoch in range(11))]

    told = brief(loss=loss, val_loss=validation)

    assert told == "16 best .686 | now 1.76 +157% | OVERFIT"


@pytest.mark.parametrize(
    ("losses", "line"),
    [
        ([1.0], "1 best 1 | now 1 | BEGUN"),
        ([3e-5, 1e-5], "2 best 1e-5 | now 1e-5 | IMPROVING"),
        ([-0.25, -0.5], "2 best -.5 | now -.5 | IMPROVING"),
        ([1.0, 0.5, float("nan")], "2 best .5 | NaN since 3 | NAN"),
        ([float("nan")] * 2, "no best | NaN since 1 | NAN"),
        ([1.0, float("inf")], "1 best 1 | infinite since 2 | INFINITE"),
    ],
)
def test_numbers_are_short(losses: list[float], line: str) -> None:
    """Three digits, and no zero that says nothing."""
    assert brief(loss=losses) == line
    assert brief(mood=losses) == "UNKNOWN"


@given(st.lists(st.floats(), min_size=1, max_size=20), st.integers(1, 10**6))
def test_it_fits_the_display(losses: list[float], number: int) -> None:
    """Forty cells of plain ASCII, whatever the values are."""
    history = History()
    for epoch, value in enumerate(losses):
        history.append(epoch, {"loss": value, "val_loss": -value})

    line = brief_line({**describe_run(history), "run": number, "runs": 10**6})

    assert len(line) <= CELLS
    assert line.isascii()


def test_each_run_has_its_line() -> None:
    """Of several, with its number; it is for people, and JSON for programs."""
    log = str(_LOGS / "logs" / "restart.csv")

    told = CliRunner().invoke(commands, ["describe", log, "--run", "all", "--brief"])
    both = CliRunner().invoke(commands, ["describe", log, "--brief", "--json"])

    runs = told.stdout.splitlines()
    assert len(runs) > 1
    assert [line.split(":")[0] for line in runs] == [
        str(number) for number in range(1, len(runs) + 1)
    ]
    assert both.exit_code == 2
