"""Tables as people and programs write them: read right, or told of."""

import io
import math

import pytest

from keras_sonify import read_log
from keras_sonify.readers import LogError
from keras_sonify.readers.cells import Cells
from keras_sonify.readers.rows import Row

TWO = [(0, {"loss": 0.9, "val_loss": 1.0}), (1, {"loss": 0.5, "val_loss": 0.7})]
LOSS = [(0, {"loss": 0.9}), (1, {"loss": 0.5})]


def read(text: str | bytes) -> tuple[list[Row], list[str]]:
    """Return the rows of a log, and what was warned of."""
    warned: list[str] = []
    file = io.StringIO(text) if isinstance(text, str) else io.BytesIO(text)
    return list(read_log(file, warn=warned.append)), warned


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0.5", 0.5),
        (" 5e-1 ", 0.5),
        ("5.0D-01", 0.5),
        ("[0.5]", 0.5),
        ("[[0.5]]", 0.5),
        ("tensor(0.5000, device='cuda:0')", 0.5),
        ("tf.Tensor(0.5, shape=(), dtype=float32)", 0.5),
        ("np.float32(0.5)", 0.5),
        ("tensor(nan)", math.nan),
        ("55.1%", 55.1),
        ("55.1 %", 55.1),
        ("12.5s", 12.5),
        ("12,345.6", 12345.6),
        ("12.345,6", 12345.6),
        ("1 234,5", 1234.5),
        ("1,234,567", 1234567.0),
        ("0,5", 0.5),
        ("-0,5", -0.5),
        ("\u22120.5", -0.5),
        ("[0.1, 0.2]", None),
        ("[[1 2]", None),
        ("1.2K", None),
        ("04:39", None),
        ("0.8667.8622", None),
        ("low", None),
        ("1" * 200 + "x", None),
    ],
)
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_number_is_read_however_it_is_written(
    cell: str, number: float | None, separator: str
) -> None:
    """With what is around it; what is no single number is none."""
    found = Cells(separator).read(cell)

    assert repr(found) == repr(number)


@pytest.mark.parametrize(
    "text",
    [
        "epoch,loss,val_loss\r0,0.9,1.0\r1,0.5,0.7\r",
        "\n\nepoch,loss,val_loss\n0,0.9,1.0\n1,0.5,0.7\n",
        "# run 17\n# lr=0.001\nepoch,loss,val_loss\n0,0.9,1.0\n1,0.5,0.7\n",
        "# epoch,loss,val_loss\n0,0.9,1.0\n1,0.5,0.7\n",
        '#{"t_start": 1.0, "env": "x"}\nloss,val_loss\n0.9,1.0\n0.5,0.7\n',
        "Training log of model A\nepoch,loss,val_loss\n0,0.9,1.0\n1,0.5,0.7\n",
        "====================\nepoch,loss,val_loss\n0,0.9,1.0\n1,0.5,0.7\n",
        "sep=;\nepoch;loss;val_loss\n0;0.9;1.0\n1;0.5;0.7\n",
        "epoch;loss;val_loss\n0;0,9;1,0\n1;0,5;0,7\n",
        "epoch\tloss\tval_loss\n0\t0,9\t1,0\n1\t0,5\t0,7\n",
        'epoch,loss,val_loss\n0,"0,9","1,0"\n1,"0,5","0,7"\n',
        "epoch,loss,val_loss,\n0,0.9,1.0,\n1,0.5,0.7,\n",
        "epoch,loss,val_loss,\n0,0.9,1.0\n1,0.5,0.7\n",
        "epoch,loss,val_loss\n0,0.9,1.0,\n1,0.5,0.7,\n",
        "epoch loss val_loss\n0 0.9 1.0\n1 0.5 0.7\n",
        "epoch      loss  val_loss\n    0    0.9000    1.0000\n    1    0.5  0.7\n",
        "     loss  val_loss\n0  0.9000    1.0000\n1  0.5000    0.7000\n",
        "|epoch | loss | val_loss|\n|---|---|---|\n|0 | 0.9 | 1.0|\n|1 | 0.5 | 0.7|\n",
        "epochs,loss,val_loss\n1,0.9,1.0\n2,0.5,0.7\n",
        "epoch,loss,val_loss\n1/2,0.9,1.0\n2/2,0.5,0.7\n",
        "epoch,loss,val_loss\nEpoch 1,0.9,1.0\nEpoch 2,0.5,0.7\n",
        "epoch,step,loss,eval_loss\n.5,5,2,\n1.0,10,.9,1\n1.5,15,2,\n2.0,20,.5,.7\n",
    ],
)
def test_a_table_is_read_however_it_is_laid_out(text: str) -> None:
    """Nothing in it is worth a word."""
    assert read(text) == (TWO, [])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_is_read_in_any_encoding(encoding: str, end: str) -> None:
    """Told by the mark at its beginning, or by the zeros in it."""
    text = end.join(["epoch,loss,精度", "0,0.9,1.0", "1,0.5,0.75", ""])

    rows, warned = read(text.encode(encoding))

    assert rows == [(0, {"loss": 0.9, "精度": 1}), (1, {"loss": 0.5, "精度": 0.75})]
    assert warned == []


def test_names_in_latin_1_are_read() -> None:
    """What is no UTF-8 is what Windows wrote."""
    rows, _ = read("epoch,précision\n0,0.5\n".encode("latin-1"))

    assert rows == [(0, {"précision": 0.5})]


@pytest.mark.parametrize(
    ("text", "rows", "told"),
    [
        (
            "epoch,loss,time\n0,0.9,04:39\n1,0.5,04:38\n",
            LOSS,
            "line 2: no number in column time, '04:39'; it was left out.",
        ),
        (
            "epoch,loss,loss\n0,0.9,1.0\n1,0.5,0.7\n",
            [(0, {"loss": 0.9, "loss.1": 1.0}), (1, {"loss": 0.5, "loss.1": 0.7})],
            "line 1: two columns are called loss; the second is read as loss.1.",
        ),
        (
            'noise\nepoch,loss\n0,"1,234"\n1,"0,5"\n',
            [(0, {"loss": 1234.0}), (1, {"loss": 0.5})],
            "line 3: '1,234' in column loss is read as 1234.",
        ),
        ("epoch,loss\n0,0.9\n# resumed\n1,0.5\n", LOSS, "line 3: a comment; it"),
    ],
)
def test_what_is_left_out_is_told(text: str, rows: list[Row], told: str) -> None:
    """With its line, its column and its cell, the first of a kind."""
    found, warned = read(text)

    assert found == rows
    assert warned[0].removeprefix("the log, ").startswith(told)


@pytest.mark.parametrize(
    "text",
    [
        "Dear reader,\nthis is no log, 1 or 2.\n",
        "Train: (60000, 28)\nTest: (10000, 28)\n",
        "epoch 1 done\nsaving\n",
        "[I 21:25:37 NotebookApp] Saving file\n{'a'}\n",
        "60000\n10000\nimages\n",
        "metric,1,2,3\nloss,0.9,0.5,0.4\n",
        "a: 1\n" * 600,
    ],
)
def test_what_is_no_log_is_refused_in_one_sentence(text: str) -> None:
    """It names the file and what a log is, and no epoch comes before it."""
    with pytest.raises(LogError, match=r"^the log holds no log: in its \d+ lines "):
        read(text)


@pytest.mark.parametrize("text", ["0,0.9\n1,0.5\n", "0.9\n0.5\n", "0.9,0.5"])
def test_numbers_without_names_are_refused(text: str) -> None:
    """Nobody can know what they are."""
    with pytest.raises(LogError, match="line 1: the first line must hold the names"):
        read(text)
