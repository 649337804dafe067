"""`keras-sonify now`: one sentence that says how a training stands, and is true."""

import json
import os
import platform
import re
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from standing import age, now, run_of_three

from keras_sonify import Sonifier
from keras_sonify.cli import commands
from keras_sonify.files.process import life_of, this_process
from keras_sonify.files.running import RUNNING
from keras_sonify.files.standing import find_standing


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The directory of a run that has ended."""
    return run_of_three(tmp_path / "run")


def _change(run: Path, **about: object) -> None:
    """Change what `run.json` says."""
    path = run / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **about}))


def test_a_run_that_has_ended_is_told_from_its_files(run: Path) -> None:
    """How, when, and its best value; in JSON, too."""
    told = now(run)
    data = json.loads(now(run, "--json"))

    assert re.fullmatch(
        r"Training finished after epoch 3, \d+ seconds? ago, best val_loss 0.75.", told
    )
    assert (data["state"], data["epoch"]) == ("finished", 3)
    assert data["best"] == {"metric": "val_loss", "epoch": 2, "value": 0.75}


def test_the_best_is_that_of_the_monitored_metric(run: Path) -> None:
    """As the training judges it: by its name, and by what Keras said of it."""
    _change(run, monitor="loss")
    assert now(run).endswith("best loss 0.25.")
    _change(run, monitor="loss", mode="max")
    assert now(run).endswith("best loss 1.")
    _change(run, monitor="val_loss", mode="auto", directions={"loss": "max"})
    assert now(run).endswith("best val_loss 1.5.")


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

    told = now(tmp_path)

    assert told.endswith(f", {best}." if best else "seconds.")


def test_where_the_validation_loss_is_never_a_number_the_loss_is_told(
    tmp_path: Path,
) -> None:
    """As the training itself tells it."""
    (tmp_path / "log.csv").write_text("epoch,loss,val_loss\n0,0.5,nan\n1,0.25,NA\n")

    assert now(tmp_path).endswith(", best loss 0.25.")


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
    of_loss = json.loads(now(tmp_path, "--json"))
    _change(tmp_path, monitor="val_loss")
    of_validation = json.loads(now(tmp_path, "--json"))

    places = [of_loss[name] for name in ("epoch", "step", "planned", "planned_steps")]
    assert places == [1, 3000, 1, 5000]
    assert of_loss["sentence"].startswith("Step 3000 of 5000 ended ")
    assert of_loss["best"]["value"] == pytest.approx(1.25, abs=0.3)
    assert of_validation["best"] == {"metric": "val_loss", "step": 3000, "value": 1.75}


def test_a_log_that_is_not_ours_is_told_as_far_as_it_goes(tmp_path: Path) -> None:
    """`CSVLogger` may have written it."""
    (tmp_path / "log.csv").write_text("epoch,loss\n0,1.0\n1,0.5\n")
    os.utime(tmp_path / "log.csv", (0, time.time() - 7200))

    assert now(tmp_path) == "Epoch 2 ended 2 hours ago, best loss 0.5."


def test_a_log_that_was_made_again_elsewhere_tells_no_time(tmp_path: Path) -> None:
    """When a log was rendered says nothing of when its training ended."""
    (tmp_path / "a.csv").write_text("epoch,loss\n0,1.0\n1,0.5\n")
    CliRunner().invoke(
        commands, ["render", f"{tmp_path}/a.csv", "-d", f"{tmp_path}/made"]
    )

    assert now(tmp_path / "made") == "The log ends after epoch 2, best loss 0.5."


@pytest.mark.parametrize("place", ["{run}", "sweep/{run}"])
def test_the_newest_of_several_runs_is_told(tmp_path: Path, place: str) -> None:
    """Wherever below the directory it lies; but no foreign log there."""
    for epochs in (1, 3, 2):
        losses = [1.0 / k for k in range(1, epochs + 1)]
        Sonifier.from_history({"loss": losses}, directory=tmp_path / place)
    age(tmp_path / place.replace("{run}", "1"), 9.0)
    age(tmp_path / place.replace("{run}", "2"), 0.0)
    age(tmp_path / place.replace("{run}", "3"), 5.0)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "log.csv").write_text("epoch,loss\n98,1.0\n")

    assert now(tmp_path).startswith("Training finished after epoch 3, ")


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

    assert now(run).endswith("poch 3 ended 2 hours ago, best val_loss 0.75.")


@pytest.mark.skipif(not Path("/proc/1/stat").exists(), reason="is told by /proc")
def test_a_process_is_known_by_more_than_its_number() -> None:
    """Another that has its number by now is another; elsewhere nobody knows."""
    process = this_process()

    assert life_of(process) == "alive"
    assert life_of({**process, "started": "1"}) == "gone"
    assert life_of({**process, "number": 2**30}) == "gone"
    assert life_of({**process, "host": f"not-{platform.node()}"}) == "unknown"
    assert life_of({**process, "system": "before the last start"}) == "unknown"


def test_a_metric_may_be_called_step(tmp_path: Path) -> None:
    """A log in epochs stays one, whatever its first column is called."""
    (tmp_path / "log.csv").write_text("epoch,step,loss\n0,1000,1.0\n1,2000,0.5\n")

    assert now(tmp_path).startswith("Training epoch 3 for ")
