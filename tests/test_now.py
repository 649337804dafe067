"""`keras-sonify now`: one sentence that says how a training stands, and is true."""

import dataclasses
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner
from programs import Program, sonify, wait_end

from keras_sonify import Sonifier
from keras_sonify.cli import commands
from keras_sonify.cli.now import as_data, sentence
from keras_sonify.files.process import Life, life_of, this_process
from keras_sonify.files.running import RUNNING
from keras_sonify.files.standing import Standing, find_standing
from keras_sonify.training.events import EVENT_KINDS, EVENTS, EventKind

_PATIENCE = 30.0  # seconds; what is waited for takes a second

UNDER_WAY = Standing(
    directory=Path("sonification"),
    epoch=11,
    planned=50,
    silent_seconds=7.4,
    life="alive",
    host="gpu-box",
    usual_seconds=20.0,
    best=("val_loss", 9, 0.31234),
)

SENTENCES: list[tuple[dict[str, Any], str]] = [
    (
        {},
        "Training epoch 13 of 50 for 7 seconds, 13 minutes left, best val_loss 0.312.",
    ),
    (
        {"planned": None, "usual_seconds": None, "best": None},
        "Training epoch 13 for 7 seconds.",
    ),
    (
        {"silent_seconds": 45.0},
        "Training epoch 13 of 50 for 45 seconds, 12 minutes left, best val_loss 0.312.",
    ),
    (
        {"silent_seconds": 240.0},
        (
            "No epoch for 4 minutes, usually 20 seconds; epoch 13 of 50, "
            "best val_loss 0.312."
        ),
    ),
    (
        {"silent_seconds": 240.0, "usual_seconds": 600.0},
        "Training epoch 13 of 50 for 4 minutes, 6.3 hours left, best val_loss 0.312.",
    ),
    (
        {"silent_seconds": 240.0, "life": "gone"},
        "Died in epoch 13 of 50; last epoch 4 minutes ago, best val_loss 0.312.",
    ),
    (
        {"silent_seconds": 1.0, "life": "paused"},
        "Paused in epoch 13 of 50; last epoch 1 second ago, best val_loss 0.312.",
    ),
    (
        {"silent_seconds": 240.0, "life": "unknown"},
        "On gpu-box, epoch 12 of 50 ended 4 minutes ago, best val_loss 0.312.",
    ),
    (
        {"silent_seconds": 240.0, "life": "unknown", "host": ""},
        "Epoch 12 of 50 ended 4 minutes ago, best val_loss 0.312.",
    ),
    (
        {"life": "closed", "host": ""},
        "Epoch 12 of 50 ended 7 seconds ago, best val_loss 0.312.",
    ),
    (
        {"life": "unknown"},
        "Training epoch 13 of 50 for 7 seconds, 13 minutes left, best val_loss 0.312.",
    ),
    (
        {"epoch": 49, "silent_seconds": 7000.0},
        "Epoch 50 of 50, the last, ended 117 minutes ago, best val_loss 0.312.",
    ),
    (
        {"ending": "stopped_early", "ended_seconds": 10_800.0, "life": "gone"},
        (
            "Training stopped early after epoch 12 of 50, 3 hours ago, "
            "best val_loss 0.312."
        ),
    ),
    (
        {"ending": "interrupted", "ended_seconds": 9000.0},
        (
            "Training was interrupted after epoch 12 of 50, 2.5 hours ago, "
            "best val_loss 0.312."
        ),
    ),
    (
        {"ending": "finished", "epoch": 49, "best": None},
        "Training finished after epoch 50 of 50.",
    ),
    (
        {"epoch": -1, "silent_seconds": 9000.0, "best": None},
        "Training its first epoch for 2.5 hours, 50 are planned.",
    ),
    (
        {"epoch": -1, "silent_seconds": 9000.0, "life": "gone", "best": None},
        "Died in its first epoch, begun 2.5 hours ago.",
    ),
    (
        {"epoch": -1, "silent_seconds": 9000.0, "life": "unknown", "best": None},
        "On gpu-box, its first epoch began 2.5 hours ago.",
    ),
    (
        {"step": 1200, "planned_steps": 5000, "usual_seconds": None},
        "Training, step 1200 of 5000, best val_loss 0.312.",
    ),
    (
        {"step": 1200, "planned_steps": 5000, "planned": 2, "usual_seconds": 600.0},
        "Training, step 1200 of 5000, 15 minutes left, best val_loss 0.312.",
    ),
    (
        {"step": 1200, "silent_seconds": 240.0},
        "No step for 4 minutes; step 1200, best val_loss 0.312.",
    ),
    (
        {"step": 1200, "planned_steps": 5000, "life": "gone"},
        "Died after step 1200 of 5000, 7 seconds ago, best val_loss 0.312.",
    ),
    (
        {"step": 5000, "planned_steps": 5000},
        "Step 5000 of 5000, the last, ended 7 seconds ago, best val_loss 0.312.",
    ),
    (
        {"step": 5000, "planned_steps": 5000, "ending": "finished", "best": None},
        "Training finished after step 5000 of 5000.",
    ),
    (
        {"best": ("Validation  Loss", 9, 123456.789)},
        (
            "Training epoch 13 of 50 for 7 seconds, 13 minutes left, "
            "best Validation_Loss 1.23e+05."
        ),
    ),
]


@pytest.mark.parametrize(("changes", "told"), SENTENCES)
def test_a_state_is_told_so(changes: Mapping[str, Any], told: str) -> None:
    """These are the states that there are, in words that can be read aloud."""
    standing = dataclasses.replace(UNDER_WAY, **changes)

    assert sentence(standing) == told
    assert as_data(standing)["sentence"] == told


def test_no_state_takes_more_than_fifteen_words() -> None:
    """Whatever is known of a run, how long it was silent, and whatever names are."""
    endings: list[EventKind | None] = [k for k in EVENT_KINDS if EVENTS[k].ending]
    bests = [("a " * 99, 9, -1.25e-7), None]
    table = product(
        (-1, 0, 11, 999_999, 1_000_000), (None, 50, 1_000_000), (0.0, 61.0, 3e5, 1e12)
    )

    for epoch, planned, silent in table:
        for life, ending, best, usual in product(
            get_args(Life), [*endings, None], bests, (None, 1.0, 5000.0, 1e9)
        ):
            told = sentence(
                Standing(
                    directory=Path(),
                    epoch=epoch,
                    planned=planned,
                    silent_seconds=silent,
                    life=life,
                    host="a host of many words " * 9,
                    usual_seconds=usual,
                    best=best,
                    ending=ending,
                    ended_seconds=silent,
                )
            )
            assert len(told.split()) <= 15, told
            assert re.fullmatch(r"[A-Z].*[^.,; ]\.", told), told


def _now(directory: Path, *arguments: str) -> str:
    told = CliRunner().invoke(commands, ["now", str(directory), *arguments])
    assert (told.exit_code, told.stderr) == (0, "")
    return told.stdout.strip()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The directory of a run that has ended."""
    losses = {"loss": [1.0, 0.5, 0.25], "val_loss": [1.5, 0.75, 1.0]}
    Sonifier.from_history(losses, directory=tmp_path / "run")
    return tmp_path / "run"


def _change(run: Path, **about: object) -> None:
    """Change what `run.json` says."""
    path = run / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **about}))


def test_a_run_that_has_ended_is_told_from_its_files(run: Path) -> None:
    """How, when, and its best value; in JSON, too."""
    told = _now(run)
    data = json.loads(_now(run, "--json"))

    assert re.fullmatch(
        r"Training finished after epoch 3, \d+ seconds? ago, best val_loss 0.75.", told
    )
    assert (data["state"], data["epoch"]) == ("finished", 3)
    assert data["best"] == {"metric": "val_loss", "epoch": 2, "value": 0.75}


def test_the_best_is_that_of_the_monitored_metric(run: Path) -> None:
    """As the training judges it: by its name, and by what Keras said of it."""
    _change(run, monitor="loss")
    assert _now(run).endswith("best loss 0.25.")
    _change(run, monitor="loss", mode="max")
    assert _now(run).endswith("best loss 1.")
    _change(run, monitor="val_loss", mode="auto", directions={"loss": "max"})
    assert _now(run).endswith("best val_loss 1.5.")


@pytest.mark.parametrize(
    ("header", "best"),
    [
        ("val_loss,loss", "best val_loss 0.25"),
        ("loss,Validation Loss", "best Validation_Loss 0.5"),
        ("train_loss,valid_accuracy", "best train_loss 0.5"),
        ("accuracy,auc", ""),
    ],
)
def test_the_best_is_found_however_it_is_called(
    tmp_path: Path, header: str, best: str
) -> None:
    """The validation loss, else the loss; where neither comes, none is told."""
    (tmp_path / "log.csv").write_text(f"epoch,{header}\n0,0.5,NA\n1,0.25,0.5\n")
    if "train" in header:
        (tmp_path / "log.csv").write_text(f"epoch,{header}\n0,0.5,1\n1,nan,1\n")

    told = _now(tmp_path)

    assert told.endswith(f", {best}." if best else "seconds.")


def test_where_the_validation_loss_is_never_a_number_the_loss_is_told(
    tmp_path: Path,
) -> None:
    """As the training itself tells it."""
    (tmp_path / "log.csv").write_text("epoch,loss,val_loss\n0,0.5,nan\n1,0.25,NA\n")

    assert _now(tmp_path).endswith(", best loss 0.25.")


def test_only_the_last_run_of_a_log_is_told(run: Path) -> None:
    """Its epochs begin again; half a row at the end is none yet."""
    with (run / "log.csv").open("a") as log:
        log.write("0,4.0,4.0\n1,3.0,3.0\n2,2.0")

    standing = find_standing(run)

    assert standing is not None
    assert (standing.epoch, standing.best) == (1, ("val_loss", 1, 3.0))


def test_a_log_in_steps_is_told_by_its_steps(tmp_path: Path) -> None:
    """The best training loss is one of medians: no batch, and no spike, is the best."""
    rows = [f"0,{k},1,,NA,{1 + 9 / k + 0.5 * (k % 2)}" for k in range(1, 3000)]
    rows[99], rows[199] = "0,100,1,loss,NA,0.001", "0,200,1,,NA,0.002"
    rows.append("0,3000,1,,1.75,1.5")
    log = "\n".join(["epoch,step,steps,spikes,val_loss,loss", *rows, ""])
    (tmp_path / "log.csv").write_text(log)
    (tmp_path / "run.json").write_text(
        '{"form": 1, "monitor": "loss", "planned": 1, "planned_steps": 5000}'
    )
    of_loss = json.loads(_now(tmp_path, "--json"))
    _change(tmp_path, monitor="val_loss")
    of_validation = json.loads(_now(tmp_path, "--json"))

    places = [of_loss[name] for name in ("epoch", "step", "planned", "planned_steps")]
    assert places == [1, 3000, 1, 5000]
    assert of_loss["sentence"].startswith("Step 3000 of 5000 ended ")
    assert of_loss["best"]["value"] == pytest.approx(1.25, abs=0.3)
    assert of_validation["best"] == {"metric": "val_loss", "step": 3000, "value": 1.75}


def test_a_log_that_is_not_ours_is_told_as_far_as_it_goes(tmp_path: Path) -> None:
    """`CSVLogger` may have written it."""
    (tmp_path / "log.csv").write_text("epoch,loss\n0,1.0\n1,0.5\n")
    os.utime(tmp_path / "log.csv", (0, time.time() - 7200))

    assert _now(tmp_path) == "Epoch 2 ended 2 hours ago, best loss 0.5."


def test_a_log_that_was_made_again_elsewhere_tells_no_time(tmp_path: Path) -> None:
    """When a log was rendered says nothing of when its training ended."""
    (tmp_path / "a.csv").write_text("epoch,loss\n0,1.0\n1,0.5\n")
    CliRunner().invoke(
        commands, ["render", f"{tmp_path}/a.csv", "-d", f"{tmp_path}/made"]
    )

    assert _now(tmp_path / "made") == "The log ends after epoch 2, best loss 0.5."


@pytest.mark.parametrize("place", ["{run}", "sweep/{run}"])
def test_the_newest_of_several_runs_is_told(tmp_path: Path, place: str) -> None:
    """Wherever below the directory it lies; but no foreign log there."""
    for epochs in (1, 3, 2):
        losses = [1.0 / k for k in range(1, epochs + 1)]
        Sonifier.from_history({"loss": losses}, directory=tmp_path / place)
    _age(tmp_path / place.replace("{run}", "1"), 9.0)
    _age(tmp_path / place.replace("{run}", "2"), 0.0)
    _age(tmp_path / place.replace("{run}", "3"), 5.0)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "log.csv").write_text("epoch,loss\n98,1.0\n")

    assert _now(tmp_path).startswith("Training finished after epoch 3, ")


def _age(run: Path, seconds: float) -> None:
    for path in run.iterdir():
        os.utime(path, (0, time.time() - seconds))


@pytest.mark.parametrize("content", [None, "", "epoch,loss\n", "no log", "\0\0"])
def test_where_there_is_no_run_it_is_told_where_was_looked(
    tmp_path: Path, content: str | None
) -> None:
    """In a sentence, with status 1."""
    if content is not None:
        (tmp_path / "log.csv").write_text(content)

    told = CliRunner().invoke(commands, ["now", str(tmp_path)])

    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == f"Error: No epoch of a run in {tmp_path} or below it yet.\n"


@pytest.mark.parametrize(
    "process",
    [None, 7, [], {}, {"number": "x"}, {"number": 1}, {"host": 3, "system": 5}],
)
def test_what_a_file_cannot_mean_is_unknown(run: Path, process: object) -> None:
    """Somebody may have changed it."""
    _change(run, ending=None, planned="many")
    told = {"form": 1, "has_epoch": True, "epoch_seconds": [], "process": process}
    (run / RUNNING).write_text(json.dumps(told))
    os.utime(run / "log.csv", (0, time.time() - 7200))

    assert _now(run).endswith("poch 3 ended 2 hours ago, best val_loss 0.75.")


@pytest.mark.skipif(not Path("/proc/1/stat").exists(), reason="is told by /proc")
def test_a_process_is_known_by_more_than_its_number() -> None:
    """Another that has its number by now is another; elsewhere nobody knows."""
    process = this_process()

    assert life_of(process) == "alive"
    assert life_of({**process, "started": "1"}) == "gone"
    assert life_of({**process, "number": 2**30}) == "gone"
    assert life_of({**process, "host": f"not-{platform.node()}"}) == "unknown"
    assert life_of({**process, "system": "before the last start"}) == "unknown"


def test_a_run_that_has_no_epoch_yet_is_told_of_instead_of_the_one_before(
    run: Path,
) -> None:
    """Its first epoch may take hours."""
    _age(run, 60.0)
    sonifier = Sonifier(directory=run, player=None)
    sonifier.begin(7)
    _wait_until((run / RUNNING).exists)

    assert re.fullmatch(
        r"Training its first epoch for \d+ seconds?, 7 are planned.", _now(run)
    )
    sonifier.epoch(0, {"loss": 0.5})
    _wait_until(lambda: _now(run).startswith("Training epoch 2 of 7 for "))
    sonifier.end()
    assert not (run / RUNNING).exists()


def test_a_run_that_never_has_an_epoch_leaves_nothing(run: Path) -> None:
    """What was there before it is as it was."""
    before = {path.name: path.read_bytes() for path in run.iterdir()}

    sonifier = Sonifier(directory=run, player=None)
    sonifier.begin(7)
    sonifier.end()

    assert {path.name: path.read_bytes() for path in run.iterdir()} == before


def test_a_run_that_was_only_closed_is_not_said_to_train(run: Path) -> None:
    """Nor that it died: its program has not told how it ended."""
    sonifier = Sonifier(directory=run, player=None)
    sonifier.epoch(0, {"loss": 0.5})
    sonifier.close()

    assert re.fullmatch(r"Epoch 1 ended \d+ seconds? ago, best loss 0.5.", _now(run))
    assert not (run / RUNNING).exists()


def test_no_run_takes_away_what_another_one_says(run: Path) -> None:
    """Two runs may have one directory: the last one that wrote is told."""
    first, second = (Sonifier(directory=run, player=None) for _ in range(2))
    for sonifier in (first, second):
        sonifier.epoch(0, {"loss": 0.5})
        sonifier.flush()
    said = json.loads((run / RUNNING).read_text())["run"]

    first.close()

    assert json.loads((run / RUNNING).read_text())["run"] == said
    second.close()
    assert not (run / RUNNING).exists()


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


_TRAINING = """
    import time
    sonifier.begin(50)
    for epoch in range(4):
        time.sleep(0.2)
        sonifier.epoch(epoch, logs(epoch))
        sonifier.flush()
    print("four")
    input()
    sonifier.end("stopped_early")
"""


def test_a_real_training_is_told_as_it_is(tmp_path: Path) -> None:
    """Under way, standing still, and going on; killed, it has died."""
    source = sonify(_TRAINING, player=None)
    with Program(source, tmp_path) as program:
        program.read_until("four")
        _wait_until(lambda: "left" in _now(tmp_path / "sound"))
        under_way = json.loads(_now(tmp_path / "sound", "--json"))
        program.signal(signal.SIGSTOP)
        _wait_until(lambda: _now(tmp_path / "sound").startswith("Paused in epoch 5"))
        program.signal(signal.SIGCONT)
        _wait_until(lambda: _now(tmp_path / "sound").startswith("Training epoch 5"))
        os.utime(tmp_path / "sound" / "log.csv", (0, time.time() - 240))
        silent = _now(tmp_path / "sound")
        program.signal(signal.SIGKILL)
        wait_end(program.pid, _PATIENCE)
        died = _now(tmp_path / "sound")

    assert (under_way["epoch"], under_way["planned"]) == (4, 50)
    assert 0.2 <= under_way["usual_epoch_seconds"] < 5.0
    assert under_way["best"]["epoch"] == 4
    assert silent.startswith("No epoch for 4 minutes, usually ")
    assert died.startswith("Died in epoch 5 of 50; last epoch 4 minutes ago, ")


def test_a_real_training_that_ends_is_told_as_ended(tmp_path: Path) -> None:
    """In the way that it told itself."""
    with Program(sonify(_TRAINING, player=None), tmp_path) as program:
        program.read_until("four")
        program.go_on()
        program.finish()

    told = _now(tmp_path / "sound")

    assert told.startswith("Training stopped early after epoch 4 of 50, ")


def test_it_loads_neither_arrays_nor_sound(tmp_path: Path) -> None:
    """It answers in a fraction of the half second that is promised."""
    Sonifier.from_history({"loss": [1.0, 0.5]}, directory=tmp_path)
    code = f"""
import sys
from keras_sonify.cli import commands
commands(["now", {str(tmp_path)!r}], standalone_mode=False)
print(sorted({{"numpy", "soundfile", "sounddevice", "keras"}} & set(sys.modules)))
"""

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[1] == "[]"


def test_a_metric_may_be_called_step(tmp_path: Path) -> None:
    """A log in epochs stays one, whatever its first column is called."""
    (tmp_path / "log.csv").write_text("epoch,step,loss\n0,1000,1.0\n1,2000,0.5\n")

    assert _now(tmp_path).startswith("Training epoch 3 for ")
