"""`keras-sonify plot`: a picture of what is heard, true to the sound."""

import math
import re
import sys
from html import escape
from pathlib import Path

import pytest
from click.testing import CliRunner
from table import read_table

from keras_sonify import Sonifier
from keras_sonify.cli import commands
from keras_sonify.offline import PastRun
from keras_sonify.picture import marks, placed, ticks
from keras_sonify.score.heard import Heard, replay
from keras_sonify.training.history import History

LOSSES = [2.0 * 0.9**epoch for epoch in range(30)]
OVERFITS = {
    "loss": LOSSES,
    "val_loss": [max(loss, 1.0) + 0.02 * k for k, loss in enumerate(LOSSES)],
}
ODD = "l$o$ss<b>"


def heard_of(columns: dict[str, list[float]]) -> Heard:
    """Return what is heard of a run that is over."""
    settings = Sonifier(directory=None, player=None).settings
    history = History()
    for epoch, values in enumerate(zip(*columns.values(), strict=True)):
        history.append(epoch, dict(zip(columns, values, strict=True)))
    return replay(PastRun(settings).take_in(history), settings.hearing())


def plot(*arguments: str | Path) -> tuple[int, str, str]:
    """Run the command in this process; return its status, output and errors."""
    done = CliRunner().invoke(commands, ["plot", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of a run that overfits, in the directory of the test."""
    monkeypatch.chdir(tmp_path)
    rows = zip(*OVERFITS.values(), strict=True)
    lines = [f"{k},{loss},{val_loss}" for k, (loss, val_loss) in enumerate(rows)]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(["epoch,loss,val_loss", *lines, ""]))
    return path


def words_in(picture: str) -> set[str]:
    """Return all texts of a picture in SVG."""
    text = Path(picture).read_text(encoding="utf-8")
    return {*re.findall(r"<text[^>]*>([^<]*)</text>", text)}


@pytest.mark.parametrize("epochs", [1, 30, 300, 3000])
def test_the_labels_stand_where_the_epochs_sound(epochs: int) -> None:
    """Each within the tones of its epoch, or of those that share them."""
    heard = heard_of({"loss": [1.0 / (1 + k) for k in range(epochs)]})
    first_of = {
        note.epoch or 0: note.start for _, note in placed(heard, heard.metrics[0])
    }

    for seconds, number in ticks(heard, 0):
        slot = 2 * heard.grid.slot_frames / heard.hearing.style.sample_rate
        near = min(first_of, key=lambda epoch: abs(first_of[epoch] - seconds))
        assert abs(first_of[near] - seconds) <= slot
        shared = max(1.0, 2 * epochs / heard.grid.slots)
        assert abs(near - (number - 1)) <= shared


def test_what_is_drawn_has_the_times_of_the_timing_table(tmp_path: Path) -> None:
    """Curves and marks lie where `score.csv` says that they sound."""
    heard = heard_of(OVERFITS)
    Sonifier.from_history(OVERFITS, directory=tmp_path)
    rows = read_table(tmp_path, "training.wav")

    for metric in heard.metrics:
        drawn = [x for t, note in placed(heard, metric) for x in (t, note.value)]
        told = [row for row in rows if row.metric == metric.name]
        middles = [x for r in told for x in (r.start + r.duration / 2, r.value)]
        assert drawn == pytest.approx(middles, abs=1e-6)
    said = next(row.start for row in rows if row.kind == "overfitting")
    (seconds,) = (t for t, word in marks(heard) if word == "overfitting")
    assert seconds == pytest.approx(said, abs=1e-6)


def test_the_picture_says_what_it_shows(log: Path) -> None:
    """Verdict, names and words are text in it, whatever a metric is called."""
    status, out, err = plot(log, "-o", "sound.svg")
    verdict = out.removeprefix("sound.svg: ").strip()

    assert (status, err) == (0, "")
    assert verdict.startswith("It overfits: best at epoch 8")
    assert {verdict, "overfitting", "epoch", "loss", "val_loss"} <= words_in(
        "sound.svg"
    )
    plot(log, "-o", "again.svg")
    assert Path("again.svg").read_bytes() == Path("sound.svg").read_bytes()
    log.write_text(log.read_text().replace("loss", ODD))
    assert plot(log, "-o", "odd.SVG")[0] == 0
    assert {escape(ODD), escape(f"val_{ODD}")} <= words_in("odd.SVG")
    assert plot(log)[0] == 0
    assert Path("training.png").read_bytes()[:4] == b"\x89PNG"


def test_a_run_in_steps_has_its_steps_and_spikes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its directory, as it was heard: the axis says steps, a spike is named."""
    monkeypatch.chdir(tmp_path)
    sonifier = Sonifier(directory="run", player=None)
    for step in range(1, 1001):
        noise = 1 + 0.02 * math.sin(step**2)
        sonifier.step(step, {"loss": 40.0 if step == 700 else noise * 3 / step**0.1})
    sonifier.end()

    assert plot("run", "-o", "steps.svg")[0] == 0
    words = words_in("steps.svg")

    assert {"step", "200", "800", "spike"} <= words
    assert "epoch" not in words


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["log.csv", "-o", "a.gif"], "ends in .png or .svg. Received: a.gif"),
        (["log.csv", "-o", "no/a.png"], "a folder that is there. Received: no/a.png"),
        (["log.csv", "--run", "all"], "last or a number from 1. Received: all"),
        (["log.csv", "--run", "2"], "holds 1 run. Received: --run 2"),
        (["gone.csv"], "gone.csv: No such file or directory"),
        (["log.csv", "--metrics", "auc"], "log.csv: there is nothing to draw."),
    ],
)
def test_a_mistake_is_a_sentence(log: Path, arguments: list[str], told: str) -> None:
    """It says what must hold and what came, and no picture is left."""
    status, _, err = plot(*arguments)

    assert status in (1, 2)
    assert told in err
    assert sorted(path.name for path in log.parent.iterdir()) == ["log.csv"]


def test_without_matplotlib_one_sentence_says_what_to_install(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback, and nothing is left behind."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    status, _, err = plot(log)

    assert status == 1
    assert "pip install 'keras_sonify[plot]'" in err
    assert [path.name for path in log.parent.iterdir()] == ["log.csv"]
