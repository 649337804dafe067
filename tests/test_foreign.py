"""Names from anywhere: seen on a screen, text to a spreadsheet, read back as such."""

import csv
import io
import warnings
from pathlib import Path

import pytest
from hostile import FORMULAS, INNOCENT, STEERING, unseen
from hypothesis import example, given
from hypothesis import strategies as st
from table import read_table

from keras_sonify import Sonifier, read_log
from keras_sonify.files.log_table import read_table as read_log_table
from keras_sonify.readers.rows import LogError, read_number
from keras_sonify.testing import RecordingOutput
from keras_sonify.training.events import Event
from keras_sonify.training.foreign import from_cell, shown, to_cell
from keras_sonify.training.warn import warn

_ALL = [*STEERING, *FORMULAS, *INNOCENT]
_TRICKY = st.text(
    st.sampled_from("\x1b\x9b\x85\\x15bcu2;=+-@'\" \t\n\r\u202e\u200d\u200c\ufe0f🔥क्श,")
    | st.characters()
)


@pytest.mark.parametrize("name", STEERING, ids=ascii)
def test_what_steers_is_seen(name: str) -> None:
    """A name is told in one line of what can be seen; what can be seen stays."""
    told = shown(name)

    assert unseen(told) == []
    assert told != name
    rest = iter(told)
    assert all(char in rest for char in name if char.isprintable())


@pytest.mark.parametrize("name", INNOCENT)
def test_the_worlds_scripts_stay_as_they_are(name: str) -> None:
    """With the signs that join their letters; emoji too, and what looks like a path."""
    assert shown(name) == name


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d", "\ufe0f"])
def test_what_joins_nothing_is_seen(joiner: str) -> None:
    """In a Latin name a joiner, or a choice of a variant, could only hide."""
    assert joiner not in shown(f"lo{joiner}ss {joiner}")
    assert joiner not in shown(joiner)


@given(_TRICKY)
@example("\\x1b\x1b\\x5c\\\\x3b;=\\u202e")
@example("'\t=1")
def test_any_text_is_read_back_from_its_cell(text: str) -> None:
    """Whatever it is; and what was shown once is not changed by being shown again."""
    assert from_cell(to_cell(text)) == text
    assert shown(to_cell(text)) == to_cell(text)
    assert shown(shown(text)) == shown(text)


@pytest.mark.parametrize("name", FORMULAS, ids=ascii)
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_spreadsheet_runs_no_name(name: str, separator: str) -> None:
    """In a table of ours no cell begins as a formula does, whatever parts the cells."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow(["epoch", to_cell(name), "loss"])

    cells = next(csv.reader(io.StringIO(out.getvalue()), delimiter=separator))

    assert [cell for cell in cells if cell.lstrip(' "')[:1] in set("=+-@\uff1d")] == []


def _run(directory: Path, names: list[str], start: int = 0) -> Sonifier:
    sonifier = Sonifier(names, directory, player=None)
    for epoch in range(start, start + 2):
        sonifier.epoch(epoch, dict.fromkeys(names, -1.5 - epoch))
    sonifier.end()
    return sonifier


def test_no_file_holds_what_cannot_be_seen(tmp_path: Path) -> None:
    """All files that are text, and the names of all files."""
    _run(tmp_path, _ALL)

    texts = {path.name: path for path in tmp_path.iterdir() if path.suffix != ".wav"}
    assert set(texts) == {"log.csv", "score.csv", "index.html", "run.json"}
    for path in texts.values():
        assert unseen(path.read_text(encoding="utf-8"), besides="\r\n") == []
    assert [name for path in tmp_path.iterdir() for name in unseen(path.name)] == []
    assert len(list(tmp_path.glob("*.wav"))) == len(_ALL) + 1


def test_the_log_is_a_true_record(tmp_path: Path) -> None:
    """Its names are read back as they were, by the directory and as any log."""
    _run(tmp_path, _ALL)

    columns, rows = read_log_table(tmp_path / "log.csv")
    assert set(columns[1:]) == set(_ALL)
    assert set(rows[0][1:]) == {"-1.5"}  # a number stays one
    epochs = list(read_log(tmp_path))
    kept = {name for name in _ALL if " " not in name.strip() and name == name.strip()}
    assert [epoch for epoch, _ in epochs] == [0, 1]
    assert kept <= set(epochs[0][1])  # of others, readers make names as Keras has them


def test_no_cell_of_our_tables_is_run(tmp_path: Path) -> None:
    """Neither a name nor what is told of it; a number is one, with its sign."""
    names = list(FORMULAS)
    sonifier = Sonifier(names, tmp_path, player=None, earcons=["nan_metric"])
    for epoch, value in enumerate((-1.5, float("nan"))):
        sonifier.epoch(epoch, dict.fromkeys(names, value))
    sonifier.end()

    cells: list[str] = []
    for table in ("log.csv", "score.csv"):
        with (tmp_path / table).open(newline="", encoding="utf-8") as file:
            cells += (cell for row in csv.reader(file) for cell in row)
    suspect = [cell for cell in cells if cell.strip()[:1] in set("=+-@\uff1d")]
    assert "-1.5" in suspect
    assert [cell for cell in suspect if read_number(cell) is None] == []
    assert any(cell.endswith(" is NaN") for cell in cells)


def test_a_run_with_such_names_goes_on(tmp_path: Path) -> None:
    """What the log holds is taken for the same metrics."""
    _run(tmp_path, _ALL)

    _run(tmp_path, _ALL, start=2)

    columns, rows = read_log_table(tmp_path / "log.csv")
    assert len(columns) == len(_ALL) + 1
    assert [row[0] for row in rows] == ["0", "1", "2", "3"]
    assert not any("NA" in row for row in rows)
    told = {from_cell(row.metric) for row in read_table(tmp_path, "live")}
    assert told == set(_ALL)


def test_a_log_with_many_other_separators_in_a_name_is_read(tmp_path: Path) -> None:
    """What parts the columns is what follows `epoch`."""
    _run(tmp_path, ["a;b;c;d", "loss"])

    assert next(read_log(tmp_path)) == (0, {"a;b;c;d": -1.5, "loss": -1.5})


@pytest.mark.parametrize("name", STEERING, ids=ascii)
def test_nothing_told_steers(name: str, tmp_path: Path) -> None:
    """Warnings, errors, events, what `end` returns, and what an output is told."""
    output, events = RecordingOutput(), list[Event]()
    directory = tmp_path / name.replace("/", "").replace("\x00", "")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warn(f"`{name}` is no single number")
        list(read_log(io.StringIO("epoch,loss\n0,1\nx\n")))
        sonifier = Sonifier(
            [name, "absent"],
            directory,
            player=output,
            on_event=events.append,
            monitor=name,
            mode="min",
        )
        for epoch, value in enumerate((1.0, float("nan"), "text", 0.5)):
            sonifier.epoch(epoch, {name: value})
        lines = sonifier.end()

    told = [str(warning.message) for warning in caught]
    told += [*lines, *(words for _, words, _ in output.epochs)]
    told += [words for _, _, words in output.events]
    told += [line for event in events for line in (event.text, event.sentence)]
    told.append(str(LogError(f"{name} holds no epoch yet.")))
    assert events[0].text.endswith(" is NaN")
    assert lines[0].startswith("Best ")
    assert [char for line in told for char in unseen(line)] == []


def test_warnings_of_a_log_steer_nothing(tmp_path: Path) -> None:
    """They name it, and may be given to a function of the user's own."""
    log = tmp_path / "\x1b[2Jlog.csv"
    log.write_text("epoch,loss\n0,1\nx\n", encoding="utf-8")
    told: list[str] = []

    list(read_log(log, warn=told.append))

    assert told
    assert [char for line in told for char in unseen(line)] == []
