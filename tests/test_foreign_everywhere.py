"""Names that steer a terminal, through all that the package says: none arrives."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hostile import STEERING, unseen
from pseudo_terminal import run_on_terminal, run_piped

from keras_sonify import Sonifier

pytestmark = pytest.mark.slow  # each starts a program, by its fixture

Run = Callable[[Sequence[str | Path], Path], str]

_PATH = "\x1b]0;PWNED\x07\x9b2J\u202e\r\n\u200b"  # of a file or a directory
_METRIC = STEERING[0]

_CALLBACK = f"""
import os
import sys
import warnings
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from keras_sonify import SonifyCallback, Sonifier

warnings.simplefilter("always")
names = {STEERING!r}
print("begins", flush=True)
for verbose in (0, 1):
    sonify = SonifyCallback(
        [*names, "absent\\x1b[2J"], {_PATH!r}, monitor=names[1], player=None,
        on_event=lambda event: print(event.text, event.sentence), verbose=1,
    )
    sonify.set_params({{"epochs": 4, "verbose": verbose}})
    sonify.on_train_begin()
    for epoch, value in enumerate([1.0, 0.5, float("nan"), "text"]):
        sonify.on_epoch_begin(epoch)
        sonify.on_epoch_end(epoch, dict.fromkeys(names, value))
    sonify.on_train_end()
    sonify.close()

sonifier = Sonifier(list(names), "/dev/null/" + {_PATH!r}, player=None)
sonifier.epoch(0, dict.fromkeys(names, 1.0))
print(*sonifier.end(), sonifier.file_trouble)
try:
    Sonifier(monitor=names, directory=None)
except TypeError as error:
    print(error)
try:
    Sonifier(style=names[0], directory=None)
except ValueError as error:
    print(error)
"""


@pytest.fixture(params=[run_on_terminal, run_piped], ids=["terminal", "piped"])
def run(request: pytest.FixtureRequest) -> Run:
    """A way to run a program."""
    chosen: Run = request.param
    return chosen


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Logs of hostile names, with hostile metrics, and a run of such."""
    columns = [name for name in STEERING if not {*"\n\r\x00\ud800"} & {*name}]
    values = [["1.0"] * len(columns), ["nan"] * len(columns), ["0.5"] * len(columns)]
    with (tmp_path / f"{_PATH}.csv").open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out)
        table.writerow(["epoch", *columns])
        table.writerows([str(epoch), *row] for epoch, row in enumerate(values))
        out.write("damaged\n")
    history = {name: [1.0, 0.5, float("nan")] for name in STEERING}
    (tmp_path / "history.json").write_text(json.dumps(history), encoding="utf-8")
    (tmp_path / f"{_PATH}.txt").write_bytes(b"\x00")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["describe", f"{_PATH}.csv"],
        ["describe", f"{_PATH}.csv", "--json"],
        ["describe", f"{_PATH}.csv", "--run", "7"],
        ["describe", f"{_PATH}.csv", "--run", _PATH],
        ["describe", "history.json", "--metrics", ",".join(STEERING[:-2])],
        ["describe", f"{_PATH}.txt"],
        ["describe", _PATH],
        ["describe", f"--{_PATH}"],
        ["describe", f"{_PATH}.csv", _PATH],
        ["render", f"{_PATH}.csv", "-d", _PATH],
        ["render", "history.json", "--metrics", f"{_METRIC},no{_PATH}"],
        ["render", "history.json", "--metrics", _PATH],
        ["render", f"{_PATH}.csv", _PATH, f"{_PATH}.txt"],
        ["render", "history.json", "-d", f"/dev/null/{_PATH}"],
        ["listen", f"{_PATH}.csv", "--silent", "--from-start", "--until-idle", "0.1"],
        ["listen", f"{_PATH}.txt", "--silent", "--until-idle", "0.1"],
        ["listen", f"{_PATH}.csv", "--until-idle", _PATH],
        ["earcons", _PATH],
        ["earcons", "best", "--silent", "-d", f"/dev/null/{_PATH}"],
        ["devices", "--test", _PATH],
        ["now", _PATH],
        ["demo", "--silent", "-d", _PATH],
        ["demo", "--style", _PATH],
        [_PATH],
    ],
    ids=lambda arguments: ascii(" ".join(arguments))[:60],
)
def test_no_command_passes_on_what_steers(
    directory: Path, run: Run, arguments: list[str]
) -> None:
    """Names of metrics, of files and arguments, in what is told and in mistakes."""
    told = run(["-m", "keras_sonify", *arguments], directory)

    assert told
    assert unseen(told, besides="\n") == []
    assert "Traceback" not in told


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["words", "json"])
def test_now_passes_on_nothing_that_steers(
    tmp_path: Path, run: Run, form: list[str]
) -> None:
    """It names the best value's metric."""
    sonifier = Sonifier(_METRIC, tmp_path, player=None, monitor=_METRIC, mode="min")
    sonifier.epoch(0, {_METRIC: 1.0})
    sonifier.close()

    told = run(["-m", "keras_sonify", "now", tmp_path, *form], tmp_path)

    assert "PWNED" in told
    assert unseen(told, besides="\n") == []


def test_the_callback_passes_on_nothing_that_steers(tmp_path: Path, run: Run) -> None:
    """Nor does `Sonifier`: in lines, events, warnings, errors and what it returns."""
    script = tmp_path / "train.py"
    script.write_text(_CALLBACK, encoding="utf-8")

    told = run([script], tmp_path)

    _, _, told = told.partition("begins\n")
    for part in (
        "Epoch 3 of 4: ",
        "UserWarning",
        " is NaN",
        "Best ",
        "style=",
    ):
        assert part in told
    assert "Traceback" not in told
    assert unseen(told, besides="\n") == []
    files = [path for path in (tmp_path / _PATH).iterdir() if path.suffix != ".wav"]
    assert len(files) == 4
    for path in files:
        assert unseen(path.read_text(encoding="utf-8"), besides="\r\n") == []


def test_metrics_are_found_where_arguments_are_ascii(tmp_path: Path) -> None:
    """A log is in UTF-8, whatever the locale takes the command line for."""
    log = "epoch,val_точность\n0,1\n1,0.5\n"
    (tmp_path / "log.csv").write_text(log, encoding="utf-8")
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}

    done = subprocess.run(
        [
            *(sys.executable, "-m", "keras_sonify", "render", "log.csv"),
            *("--metrics", "val_точность"),
        ],
        cwd=tmp_path,
        env={**os.environ, **ascii_only},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "sonification" / "val.wav").exists()
