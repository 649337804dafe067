"""Logs that a training writes just now, and folders of them: each row once."""

import json
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter
from test_event_log import Scalar, write

from keras_sonify import Sonifier, read_log
from keras_sonify.cli import commands
from keras_sonify.readers.growing import GrowingLog
from keras_sonify.readers.rows import Row, window_of

PATIENCE = 10.0  # seconds after which a test that would hang fails


class Listener:
    """Looks at a log again and again, as `listen` does."""

    def __init__(self, path: Path) -> None:
        self.warned: list[str] = []
        self._log = GrowingLog(path, self.warned.append)

    def hear(self, count: int) -> list[Row]:
        """Look until so many rows have come."""
        rows: list[Row] = []
        deadline = time.monotonic() + PATIENCE
        while len(rows) < count and time.monotonic() < deadline:
            rows += self._log.look()
            time.sleep(0.01)
        assert len(rows) == count
        return rows

    def quiet(self) -> list[Row]:
        """Look once, and return what is told after a while in which nothing came."""
        return [*self._log.look(), *self._log.settle()]

    def settled(self) -> list[Row]:
        """Look until something is told after a while in which nothing came."""
        deadline = time.monotonic() + PATIENCE
        while not (rows := self.quiet()) and time.monotonic() < deadline:
            time.sleep(0.01)
        return rows

    def end(self) -> list[Row]:
        """Return what is told at the end."""
        return [*self._log.look(), *self._log.finish()]


def lightning(path: Path, count: int, *, header: str = "") -> None:
    """Write a table of so many steps as a whole, as Lightning does each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [f"{k // 10},{k},{100 - k}" for k in range(count)]
    empty = "," * header.count(",")
    text = [f"epoch,step,train_loss{header}", *(f"{row}{empty}" for row in rows)]
    path.write_text("\n".join([*text, ""]))


def steps(begin: int, end: int) -> list[Row]:
    """Return the rows of such a table."""
    return [(k, {"loss": 100 - k}) for k in range(begin, end)]


def test_a_table_that_is_written_anew_goes_on(tmp_path: Path) -> None:
    """Each time as a whole, once with a column more; no row is told twice."""
    table = tmp_path / "lightning_logs" / "version_0" / "metrics.csv"
    lightning(table, 5)
    listener = Listener(tmp_path)

    first = [*listener.hear(4), *listener.quiet()]
    lightning(table, 8)
    then = [*listener.hear(2), *listener.quiet()]
    lightning(table, 12, header=",val_loss")

    assert first == steps(0, 5)
    assert then == steps(5, 8)
    assert [*listener.hear(3), *listener.end()] == steps(8, 12)
    assert listener.warned == []


def test_half_a_table_is_no_new_training(tmp_path: Path) -> None:
    """Whoever looks while it is written sees its first rows."""
    table = tmp_path / "metrics.csv"
    lightning(table, 6)
    listener = Listener(table)
    heard = [*listener.hear(5), *listener.quiet()]

    lightning(table, 3)
    heard += listener.quiet()
    lightning(table, 7)

    assert [*heard, *listener.hear(0), *listener.end()] == steps(0, 7)


def test_a_newer_version_is_another_training(tmp_path: Path) -> None:
    """The folder with the greatest number counts: 10 is after 9."""
    lightning(tmp_path / "version_9" / "metrics.csv", 5)
    listener = Listener(tmp_path)
    heard = [*listener.hear(4), *listener.quiet()]

    table = tmp_path / "version_10" / "metrics.csv"
    table.parent.mkdir()
    table.write_text(
        "epoch,step,train_loss\n" + "".join(f"0,{k},7\n" for k in range(4))
    )

    assert heard == steps(0, 5)
    assert listener.hear(3) == [(k, {"loss": 7}) for k in range(3)]


def state(folder: Path, count: int) -> None:
    """Write what a Hugging Face trainer does beside a checkpoint."""
    folder.mkdir(parents=True)
    entries: list[dict[str, float]] = []
    for k in range(1, count + 1):
        place = {"epoch": k / 10, "step": 5 * k}
        entries.append({"loss": 100.0 - k, **place})
        if k % 10 == 0:
            entries.append({"eval_loss": 50.0, "eval_runtime": 1.0, **place})
    text = json.dumps({"global_step": 5 * count, "log_history": entries}, indent=2)
    (folder / "trainer_state.json").write_text(text)


def test_the_newest_checkpoint_counts(tmp_path: Path) -> None:
    """It holds all that was before it; what is half written is waited for."""
    listener = Listener(tmp_path)
    assert listener.quiet() == []

    state(tmp_path / "checkpoint-40", 8)
    first = listener.hear(8)
    half = tmp_path / "checkpoint-60"
    half.mkdir()
    (half / "trainer_state.json").write_text('{"log_history": [{"loss": 1,')
    assert listener.quiet() == []
    state(tmp_path / "checkpoint-100", 20)
    second = listener.hear(12)

    assert [at for at, _ in [*first, *second]] == [5 * k for k in range(1, 21)]
    assert second[1] == (50, {"loss": 90.0, "val_loss": 50.0})
    assert all(map(window_of, [*first, *second]))
    assert [*read_log(tmp_path)] == [*first, *second]


def add(path: Path, scalars: Iterable[Scalar]) -> None:
    """Append scalars to an event file."""
    with path.open("ab") as file:
        records = RecordWriter(file)
        for step, tag, value in scalars:
            told = Summary.Value(tag=tag, simple_value=value)
            event = Event(step=step, summary=Summary(value=[told]))
            records.write(event.SerializeToString())
        records.flush()


def test_event_files_are_followed_as_they_grow(tmp_path: Path) -> None:
    """Both sides; what one tells late of a step is told with what is told next."""
    train = write(tmp_path / "train", [(50 * k, "loss", 100 - k) for k in range(4)])
    test = write(tmp_path / "validation", [(0, "loss", 8.0)])
    listener = Listener(tmp_path)
    first = [*listener.hear(3), *listener.quiet()]

    add(train, [(200, "loss", 96.0), (250, "loss", 95.0)])
    second = listener.hear(1)
    add(test, [(100, "loss", 7.0)])
    add(train, [(300, "loss", 94.0)])
    rest = [*listener.hear(1), *listener.end()]

    rows = [*first, *second, *rest]
    assert [at for at, _ in rows] == [50 * k for k in range(7)]
    assert {at: v["loss"] for at, v in rows} == {50 * k: 100 - k for k in range(7)}
    assert [v["val_loss"] for _, v in rows if "val_loss" in v] == [8.0, 7.0]


def test_a_record_that_is_half_written_is_waited_for(tmp_path: Path) -> None:
    """It is damaged only where it is so at the end."""
    path = write(tmp_path, [(100 * k, "loss", 1.0) for k in range(5)])
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    listener = Listener(tmp_path)
    first = listener.hear(3)

    path.write_bytes(whole)
    add(path, [(500, "loss", 1.0)])

    rows = [*first, *listener.hear(2), *listener.end()]
    assert [at for at, _ in rows] == [0, 100, 200, 300, 400, 500]
    assert listener.warned == []


def test_the_epochs_of_keras_are_told_when_they_end(tmp_path: Path) -> None:
    """Nobody waits for the next one."""
    listener = Listener(tmp_path)
    path = write(tmp_path / "train", [(0, "epoch_loss", 2.0)])
    write(tmp_path / "validation", [(0, "epoch_loss", 3.0)])
    first = listener.settled()
    add(path, [(1, "epoch_loss", 1.0)])

    second = listener.settled()

    assert first == [(0, {"loss": 2.0, "val_loss": 3.0})]
    assert second == [(1, {"loss": 1.0})]


def test_a_run_that_begins_later_is_followed(tmp_path: Path) -> None:
    """As when a training is started once more into a folder of its own."""
    write(tmp_path / "a", [(100 * k, "loss", 1.0) for k in range(3)], second=1)
    listener = Listener(tmp_path)
    first = listener.hear(2)

    write(tmp_path / "b", [(100 * k, "loss", 2.0) for k in range(3)], second=2)

    assert [*first, *listener.hear(3)] == [
        *[(100 * k, {"loss": 1.0}) for k in range(3)],
        *[(100 * k, {"loss": 2.0}) for k in range(2)],
    ]


def test_the_directory_of_a_run_of_ours_is_followed(tmp_path: Path) -> None:
    """Its record is what counts in it."""
    sonifier = Sonifier(directory=tmp_path, player=None)
    sonifier.epoch(0, {"loss": 1.0})
    sonifier.flush()
    listener = Listener(tmp_path)
    first = listener.hear(1)

    sonifier.epoch(1, {"loss": 0.5})

    assert [*first, *listener.hear(1)] == [(0, {"loss": 1.0}), (1, {"loss": 0.5})]
    sonifier.end()


def test_a_log_of_steps_is_listened_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there is taken in unheard; no step and no value is lost."""
    monkeypatch.chdir(tmp_path)
    lightning(tmp_path / "logs" / "version_0" / "metrics.csv", 40)
    arguments = ["listen", "logs", "--silent", "--until-idle", "1.5", "-d", "heard"]

    result = CliRunner().invoke(commands, arguments, catch_exceptions=False)

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Listening to logs. Ctrl-C ends."
    assert "Caught up with 39 steps." in lines
    kept: dict[int, float] = {}
    for at, values in read_log(tmp_path / "heard"):
        kept.update({at: values["loss"]} if "loss" in values else {})
    assert kept == {at: values["loss"] for at, values in steps(0, 40)}


def test_a_folder_without_a_log_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That it holds none yet is told at once."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    arguments = ["listen", "runs", "--silent", "--until-idle", "0.1"]

    result = CliRunner().invoke(commands, arguments, catch_exceptions=False)

    assert result.exit_code == 1
    assert "There is no log in it yet." in result.stdout
