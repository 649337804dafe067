"""The timing table: any reader of CSV files finds each note in its row."""

import csv
import io
import math
from dataclasses import replace

import pytest

from keras_sonify.files.table import TABLE_HEADER, write_table
from keras_sonify.score.earcons import earcon
from keras_sonify.score.note import Note
from keras_sonify.score.style import CLEAR
from keras_sonify.training.axis import STEPS
from keras_sonify.training.foreign import from_cell

_TONE = Note(
    start=0.1,
    duration=0.15,
    frequency_hz=440.0,
    amplitude=0.5,
    pan=-0.6,
    epoch=3,
    metric="loss",
    value=0.1,
)


def _text(*parts: tuple[str, list[Note]]) -> str:
    out = io.StringIO(newline="")
    write_table(out, parts)
    return out.getvalue()


def _rows(*parts: tuple[str, list[Note]]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_text(*parts), newline="")))


def test_columns_are_those_that_are_promised() -> None:
    """The header names every column, in order, and comes even without notes."""
    (header,) = _text().splitlines()

    assert header == (
        "file,start,duration,epoch,metric,value,frequency_hz,pan,gain_db,kind,text"
    )
    assert tuple(header.split(",")) == TABLE_HEADER


def test_a_tone_is_told_in_full() -> None:
    """Times to the microsecond, the value to the last bit, level in dBFS."""
    rows = _rows(("live", [_TONE]))

    assert rows == [
        {
            "file": "live",
            "start": "0.100000",
            "duration": "0.150000",
            "epoch": "3",
            "metric": "loss",
            "value": "0.1",
            "frequency_hz": "440.0000",
            "pan": "-0.60",
            "gain_db": "-6.02",
            "kind": "tone",
            "text": "",
        },
    ]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf], ids=repr)
def test_noise_has_a_value_but_no_pitch(value: float) -> None:
    """What is not finite is written as such, and its frequency is left empty."""
    note = Note(
        start=0.0,
        duration=0.15,
        frequency_hz=math.nan,
        amplitude=0.05,
        kind="nan",
        timbre="noise",
        epoch=0,
        metric="loss",
        value=value,
    )

    (row,) = _rows(("loss.wav", [note]))

    assert (row["frequency_hz"], row["kind"]) == ("", "nan")
    assert repr(float(row["value"])) == repr(value)


@pytest.mark.parametrize("value", [1 / 3, 5e-324, 1e308, -0.0, 123456789.123456789])
def test_values_lose_nothing(value: float) -> None:
    """A value that is read back is the value that was heard, to the last bit."""
    note = Note(
        start=0.0,
        duration=0.1,
        frequency_hz=220.0,
        amplitude=0.1,
        metric="x",
        value=value,
    )

    (row,) = _rows(("live", [note]))

    assert repr(float(row["value"])) == repr(value)


def test_an_earcon_has_neither_epoch_nor_metric_nor_value() -> None:
    """A note that belongs to no metric leaves those columns empty."""
    note = Note(
        start=0.0,
        duration=0.1,
        frequency_hz=220.0,
        amplitude=0.0,
        kind="finished",
    )

    (row,) = _rows(("live", [note]))

    assert (row["epoch"], row["metric"], row["value"]) == ("", "", "")
    assert (row["gain_db"], row["kind"], row["text"]) == ("-inf", "finished", "")


def test_an_event_is_told_in_words() -> None:
    """What happened stands in the row of the first note, the spoken word in its own."""
    text = "validation loss best 0.3421 at epoch 12, 6 percent worse now: overfitting"

    rows = _rows(("live", list(earcon("overfitting", CLEAR, epoch=17, text=text))))

    assert [row["epoch"] for row in rows] == ["17"] * 4
    assert [row["kind"] for row in rows] == ["overfitting"] * 4
    assert [row["text"] for row in rows] == [text, "", "", "overfitting"]
    assert rows[-1]["frequency_hz"] == ""


@pytest.mark.parametrize(
    "name",
    [
        'a"b',
        "a,b",
        "a\nb",
        "a\rb",
        "a\r\nb",
        " a ",
        "'a'",
        ";",
        "\t",
        "précision µ 精度",
        "=1+1",
        "<img onerror=alert(1)>",
    ],
    ids=repr,
)
def test_hostile_names_stay_in_their_cell(name: str) -> None:
    """A name of any characters is read back as it was, and the rows stay whole."""
    note = Note(
        start=0.0,
        duration=0.1,
        frequency_hz=220.0,
        amplitude=0.1,
        metric=name,
        value=0.5,
    )

    rows = _rows((name, [note, _TONE]))

    assert [(row["file"], from_cell(row["metric"])) for row in rows] == [
        (name, name),
        (name, "loss"),
    ]
    assert [row["kind"] for row in rows] == ["tone", "tone"]


def test_parts_follow_one_another() -> None:
    """Each part's notes stand under its name, in the order given."""
    rows = _rows(("live", [_TONE, _TONE]), ("empty.wav", []), ("loss.wav", [_TONE]))

    assert [row["file"] for row in rows] == ["live", "live", "loss.wav"]


def test_a_note_knows_its_end() -> None:
    """The end of a note is its start and its duration."""
    assert _TONE.end == pytest.approx(0.25, abs=1e-12)


def test_a_run_in_steps_has_a_column_for_them() -> None:
    """After the epoch, which stays; nothing else changes."""
    out = io.StringIO(newline="")
    write_table(out, [("live", [replace(_TONE, step=1200)])], STEPS)

    (row,) = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert (row.pop("step"), row["epoch"]) == ("1200", "3")
    assert list(row.values()) == list(_rows(("live", [_TONE]))[0].values())
    assert out.getvalue().startswith("file,start,duration,epoch,step,metric,")
