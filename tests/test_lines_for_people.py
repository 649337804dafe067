"""Lines as they are easy to read on a terminal: broken between words, with colours."""

import os
import pty
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from keras_sonify import read_log
from keras_sonify.cli import commands, help_columns
from keras_sonify.cli.demo_words import listen_for
from keras_sonify.rules.past import happened_in
from keras_sonify.training.events import EVENTS, Event
from keras_sonify.training.history import History
from keras_sonify.words.terminal import print_lines
from keras_sonify.words.wrapped import wrapped

_TRAININGS = Path(__file__).parent / "trainings"
_RED, _YELLOW, _GREEN = "\x1b[31m", "\x1b[33m", "\x1b[32m"


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)


def on_terminal(lines: Iterable[str], *, as_is: bool = False) -> str:
    """Return what a terminal receives of lines."""
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as out, open(ours, "rb") as terminal:  # noqa: PTH123
        assert print_lines(lines, out, as_is=as_is) is None
        told = os.read(terminal.fileno(), 65536)
    return told.decode().replace("\r\n", "\n")


def test_a_long_line_is_broken_between_words() -> None:
    """At 80 columns, however wide the window is; what is data stays a line."""
    line = " ".join(f"word{number}" for number in range(40))

    rows = on_terminal([line, "short"]).splitlines()

    assert [len(row) <= 80 for row in rows] == [True] * len(rows)
    assert all(row.startswith("  word") for row in rows[1:-1])
    assert " ".join(row.strip() for row in rows) == f"{line} short"
    assert on_terminal([line], as_is=True) == f"{line}\n"


def test_a_narrow_terminal_is_kept_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command stays in one piece, to be copied; so does an address."""
    monkeypatch.setenv("COLUMNS", "30")
    command = "`sudo apt-get install thing`"
    address = "http://127.0.0.1:8765/?token=0123456789"

    told = on_terminal([f"No live sound: {command} installs it.", f"See {address}"])

    assert told == (f"No live sound:\n  {command}\n  installs it.\nSee\n  {address}\n")


def test_where_nobody_looks_a_line_stays_a_line(tmp_path: Path) -> None:
    """In a file or a pipe, for whatever reads it, and without colours."""
    line = "loss is NaN, " * 10
    with (tmp_path / "out").open("w", encoding="utf-8") as out:
        print_lines([line], out)

    assert (tmp_path / "out").read_text(encoding="utf-8") == f"{line}\n"


@given(st.text("ab 精`-e\u0301", max_size=200), st.integers(0, 100))
def test_words_stay_whole(line: str, columns: int) -> None:
    """None is lost or broken, whatever they are, and what fits is left alone."""
    rows = wrapped(line, columns)

    assert " ".join(rows).split() == line.split()
    if len(rows) == 1 and len(line) <= 20:
        assert rows == [line]


@pytest.mark.parametrize(
    ("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")], ids=lambda it: it
)
def test_colours_can_be_had_without(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """As https://no-color.org has it; a terminal that has none shows no codes."""
    lines = ["Epoch 3: loss is NaN"]

    assert _RED in on_terminal(lines)
    monkeypatch.setenv(variable, value)
    assert on_terminal(lines) == f"{lines[0]}\n"


def test_the_colours_go_by_what_is_said() -> None:
    """Of all events in the project's trainings, alarms and overfitting have one."""
    events: dict[str, Event] = {}
    for path in sorted(_TRAININGS.glob("*.csv")):
        history = History()
        for epoch, values in read_log(path):
            history.append(epoch, values)
        events.update(
            {e.kind: e for placed in happened_in(history) for e in placed[1:]}
        )

    told = {kind: on_terminal([event.sentence]) for kind, event in events.items()}

    figures = {kind: EVENTS[event.kind].figure for kind, event in events.items()}
    assert {"nan_loss", "divergence", "overfitting", "plateau"} <= told.keys()
    for kind, line in told.items():
        assert (_RED in line) == (figures[kind] == "alarm")
    assert _YELLOW in told["overfitting"]
    assert "\x1b" not in told["plateau"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("loss 0.5, best so far", f"loss 0.5, {_GREEN}best so far\x1b[0m"),
        ("Sound files in runs/overfitting: died.wav", None),
        ("Invalid value: 'crashed'", None),
        ("lossNaN 0.5", None),
    ],
)
def test_only_words_have_colours(line: str, told: str | None) -> None:
    """Not what is a part of a name, of a path or of another word."""
    assert on_terminal([line]) == f"{told or line}\n"


def test_what_to_listen_for_fits() -> None:
    """For somebody tired: six lines, none of which is broken."""
    for words in (True, False):
        lines = listen_for(words=words)
        assert len(lines) <= 6
        assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
def test_help_fits_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Only examples, which are to be copied, may be longer; no word is broken."""
    monkeypatch.setenv("COLUMNS", str(columns))
    for name in commands.commands:
        told = (
            CliRunner()
            .invoke(commands, [name, "--help"], terminal_width=help_columns())
            .stdout
        )
        words, examples = told.split("Examples:")[0], told.split("Options:")[1]
        for line in f"{words}{examples}".splitlines():
            assert len(line.rstrip()) <= min(columns, 80)
