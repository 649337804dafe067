"""One log for each trap: what is read from it, and what is warned of.

The logs stand in `logs/`, each named after its trap.
"""

import io
from collections.abc import Iterable
from math import inf, nan
from pathlib import Path

import pytest

from keras_sonify import read_log
from keras_sonify.readers import LogError
from keras_sonify.readers.rows import Row

LOGS = Path(__file__).parent / "logs"

TWO_LOSSES = [(0, {"loss": 1.5}), (1, {"loss": 0.5})]
TWO_EPOCHS = [
    (0, {"accuracy": 0.5, "loss": 1.25}),
    (1, {"accuracy": 0.75, "loss": 0.5}),
]
FOUR_METRICS = [
    (0, {"accuracy": 0.5, "loss": 1.25, "val_accuracy": 0.4, "val_loss": 1.5}),
    (1, {"accuracy": 0.75, "loss": 0.5, "val_accuracy": 0.6, "val_loss": 0.75}),
]
RUN_OF_TWO = [(0, {"loss": 1.5, "val_loss": 1.75}), (1, {"loss": 0.75, "val_loss": 1})]

ROWS: dict[str, list[Row]] = {
    "semicolon.csv": FOUR_METRICS,
    "tab.csv": [(0, {"acc": 0.5, "loss": 1.25}), (1, {"acc": 0.75, "loss": 0.5})],
    "colon.csv": TWO_EPOCHS,
    "na_val_columns.csv": TWO_EPOCHS,
    "nan_and_inf.csv": [
        (0, {"loss": 1.5, "val_loss": inf}),
        (1, {"loss": nan, "val_loss": -inf}),
        (2, {"val_loss": 0.5}),
    ],
    "quoted_lists.csv": TWO_LOSSES,
    "crlf_doubled.csv": TWO_LOSSES,
    "bom.csv": TWO_LOSSES,
    "empty_rows.csv": TWO_LOSSES,
    "restart.csv": [
        (0, {"loss": 1.5}),
        (1, {"loss": 0.75}),
        (2, {"loss": 0.5}),
        (0, {"loss": 2.0}),
        (1, {"loss": 1.0}),
    ],
    "repeated_header.csv": [*RUN_OF_TWO, (0, {"loss": 2.0, "val_loss": 2.25})],
    "other_header.csv": [
        *RUN_OF_TWO,
        (0, {"accuracy": 0.25, "loss": 2.0}),
        (1, {"accuracy": 0.5, "loss": 1.0}),
    ],
    "other_width.csv": RUN_OF_TWO,
    "merge_conflict.csv": [
        (0, {"loss": 1.5}),
        (1, {"loss": 0.75}),
        (2, {"loss": 0.875}),
        (3, {"loss": 0.5}),
    ],
    "no_epoch_column.csv": [
        (0, {"val_loss": 1.75, "loss": 1.5}),
        (1, {"val_loss": 1.0, "loss": 0.75}),
    ],
    "pandas_index.csv": [
        (0, {"loss": 7800.0, "mae": 60.0, "val_loss": 7200.0}),
        (1, {"loss": 1100.0, "mae": 20.0, "val_loss": 2000.0}),
    ],
    "title_case.csv": FOUR_METRICS,
    "sides_by_prefix.csv": FOUR_METRICS,
    "fit_in_loop.csv": [*TWO_EPOCHS, (2, {"accuracy": 0.875, "loss": 0.25})],
    "lightning_metrics.csv": [
        (0, {"lr-SGD": 0.1, "loss": 1.25, "val_acc": 0.4, "val_loss": 1.5}),
        (1, {"lr-SGD": 0.1, "loss": 0.5, "val_acc": 0.6, "val_loss": 0.75}),
    ],
    "trainer_state.json": [
        (
            0,
            {
                "grad_norm": 2.0,
                "learning_rate": 4e-05,
                "loss": 1.5,
                "val_accuracy": 0.5,
                "val_loss": 1.0,
            },
        ),
        (
            1,
            {
                "grad_norm": 1.0,
                "learning_rate": 3e-05,
                "loss": 0.75,
                "val_accuracy": 0.75,
                "val_loss": 0.5,
            },
        ),
    ],
    "history.json": [
        (0, {"loss": 1.5, "accuracy": 0.25}),
        (1, {"loss": 0.75, "accuracy": 0.5, "val_loss": 1.0}),
        (2, {"loss": nan, "accuracy": 0.5}),
        (3, {"loss": 0.25, "accuracy": 0.75, "val_loss": 0.5}),
    ],
    "json_lines.jsonl": [
        (0, {"loss": 1.5}),
        (1, {"loss": 0.75, "val_loss": 1.0}),
        (4, {"loss": 0.25}),
    ],
    "truncated_last_line.csv": TWO_EPOCHS[:1],
    "lost_epoch_numbers.csv": [(0, {"loss": 1.5}), (3, {"loss": 0.25})],
    "negative_loss.csv": [
        (0, {"dice_coef": 0.25, "loss": -0.25}),
        (1, {"dice_coef": 0.0, "loss": 0.0}),
        (2, {"dice_coef": 0.75, "loss": -0.75}),
    ],
    "constant.csv": [(epoch, {"loss": 0.5, "val_loss": 0.25}) for epoch in range(3)],
    "header_only.csv": [],
    "empty.csv": [],
}

_NOT_THREE = "not the 3 cells that the header names"
WARNINGS = {
    "quoted_lists.csv": [
        "line 2: no number in column per_class, '\"[0.3, 0.2]\"'; it was left out.",
        "2 such lines in all (no number in column per_class); they were left out.",
    ],
    "other_width.csv": [
        f"line 3: {_NOT_THREE}; it was left out.",
        f"2 such lines in all ({_NOT_THREE}); they were left out.",
    ],
    "merge_conflict.csv": [
        "line 3: a mark of a merge conflict; it was left out.",
        "3 such lines in all (a mark of a merge conflict); they were left out.",
    ],
    "json_lines.jsonl": [
        "line 3: no JSON object; it was left out.",
        "2 such lines were left out.",
    ],
    "truncated_last_line.csv": [
        f"line 3: {_NOT_THREE}; it was left out.",
    ],
    "lost_epoch_numbers.csv": [
        "line 3: no number of an epoch; it was left out.",
        "2 such lines in all (no number of an epoch); they were left out.",
    ],
}

ERRORS = {
    "no_header.csv": r"^no_header.csv, line 1: the first line must hold the names of "
    r"the columns\. Received: '0,0.5,1.25'$",
    "damaged.json": r"^damaged.json must be a saved `History.history`.* damaged JSON",
    "no_history.json": r"^no_history.json must be .* Received: something else",
}


def plain(rows: Iterable[Row]) -> str:
    """Return rows as text, in which NaN equals NaN and 0 does not equal 0.0."""
    return repr([(k, {m: float(v) + 0.0 for m, v in row.items()}) for k, row in rows])


def test_no_trap_is_forgotten() -> None:
    """Each log in the folder has its rows or its error in the tables above."""
    assert {path.name for path in LOGS.glob("[!.]*")} == {*ROWS, *ERRORS}
    assert set(WARNINGS) <= set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_trap_is_read_as_it_was_meant(name: str) -> None:
    """Epochs, names, values and their order are these, and so are the warnings."""
    warned: list[str] = []

    rows = list(read_log(LOGS / name, warn=warned.append))

    assert plain(rows) == plain(ROWS[name])
    told = [text.removeprefix(name).lstrip(",: ") for text in warned]
    assert told == WARNINGS.get(name, [])
    assert all(text.startswith(name) for text in warned)


@pytest.mark.parametrize("name", ERRORS)
def test_what_is_no_log_is_told_in_a_sentence(name: str) -> None:
    """The error names the file and what is wrong with it."""
    with pytest.raises(LogError, match=ERRORS[name]):
        list(read_log(LOGS / name))


def test_damage_is_warned_of_by_default() -> None:
    """Who gives no function gets Python's warnings."""
    with pytest.warns(UserWarning, match=r"^truncated_last_line.csv, line 3: "):
        list(read_log(str(LOGS / "truncated_last_line.csv")))


@pytest.mark.parametrize("name", ["bom.csv", "crlf_doubled.csv", "history.json"])
def test_open_files_are_read_too(name: str) -> None:
    """It is all one whether a log is a path, an open file, text or binary."""
    path = LOGS / name

    with path.open("rb") as binary, path.open(encoding="utf-8") as text:
        from_files = [plain(read_log(file)) for file in (binary, text)]
    from_memory = plain(read_log(io.StringIO(path.read_text(encoding="utf-8"))))

    assert {*from_files, from_memory} == {plain(ROWS[name])}


def test_columns_that_would_clash_keep_their_names() -> None:
    """Neither overwrites the other where two columns mean one metric."""
    log = io.StringIO("epoch,Validation Loss,val_loss,Train Loss\n0,1.5,2.5,0.5\n")

    assert list(read_log(log)) == [
        (0, {"Validation Loss": 1.5, "val_loss": 2.5, "loss": 0.5})
    ]


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    """What a log is, is told by its content."""
    disguised = tmp_path / "history.csv"
    disguised.write_bytes((LOGS / "history.json").read_bytes())

    assert plain(read_log(disguised)) == plain(ROWS["history.json"])
