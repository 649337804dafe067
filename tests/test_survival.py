"""Whatever ends a training: its files are there, and it ends as it would without us."""

import os
import signal
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from browser import until
from ear import listen
from ended_trainings import TRAININGS, WAYS, Training
from programs import Program, children, run, sonify
from table import check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

TONE_FRAMES = 6615


@pytest.fixture(scope="module")
def trainings(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Training]]:
    """One training for each way to end, all under way at once."""
    directory = tmp_path_factory.mktemp("trainings")
    with Program(TRAININGS, directory, arguments=WAYS) as program:
        yield {way: Training(program, way, directory) for way in WAYS}
        for pid in children(program.pid):
            os.kill(pid, signal.SIGKILL)


def check_files(directory: Path) -> int:
    """Assert that all files are valid and of one length; return it in epochs."""
    lengths = set()
    for metric in ("loss", "val_loss"):
        path = directory / f"{metric}.wav"
        frames, sample_rate = soundfile.read(path)
        with wave.open(str(path)) as file:
            assert file.getnframes() == len(frames)
        assert sample_rate == SAMPLE_RATE
        lengths.add(len(frames) / TONE_FRAMES)
    assert soundfile.info(directory / "training.wav").channels == 2
    rows = read_table(directory, "live")
    lengths.add(len({row.epoch for row in rows}))
    (length,) = lengths
    return round(length)


def wait_written(directory: Path) -> None:
    """Wait for a moment just after a round of writing.

    Each file is put in its place as soon as it is whole, so in the middle of a round
    they are of two lengths, also between two files, when no part of one is there.
    """

    def is_written() -> bool:
        quiet = not list(directory.glob(".*.part"))
        sounds = [*directory.glob("*.wav"), directory / "score.csv"]
        age = time.time() - max(path.stat().st_mtime for path in sounds)
        return quiet and 0.3 <= age <= 0.8

    until(is_written, 20.0)


def test_kill_leaves_all_but_the_last_seconds(trainings: dict[str, Training]) -> None:
    """A process that is killed has no chance to finish: what was written must do."""
    training = trainings["SIGKILL"]
    training.wait_epochs(27)
    wait_written(training.directory)

    training.signal(signal.SIGKILL)
    status = training.wait_status()

    # By the training's own clock: an epoch is finished each 0.2 s, also the last.
    *_, last = moments = training.finish_times
    settled = [moment for moment in moments if moment < last - 3.8]
    assert len(settled) > 5
    assert check_files(training.directory) >= len(settled)
    assert status == -signal.SIGKILL


def test_sigterm_loses_no_epoch(trainings: dict[str, Training]) -> None:
    """A training that is told to go completes its files first, in mid-`fit`."""
    training = trainings["SIGTERM"]
    training.wait_epochs(5)
    count = len(training.finish_times)

    training.signal(signal.SIGTERM)
    status = training.wait_status()

    assert check_files(training.directory) >= count >= 5
    assert status == -signal.SIGTERM


def test_ctrl_c_loses_no_epoch(trainings: dict[str, Training]) -> None:
    """A training that is interrupted ends as such, with all finished epochs."""
    training = trainings["SIGINT"]
    training.wait_epochs(5)

    training.signal(signal.SIGINT)
    status = training.wait_status()

    assert check_files(training.directory) >= len(training.finish_times) >= 5
    assert training.lines[-1].startswith("KeyboardInterrupt")
    assert status == -signal.SIGINT


@pytest.mark.parametrize(("place", "epochs"), [("before", 4), ("after", 5)])
def test_exception_of_another_callback_loses_no_epoch(
    place: str,
    epochs: int,
    trainings: dict[str, Training],
) -> None:
    """What another callback raises ends the training, with all finished epochs."""
    training = trainings[place]

    status = training.wait_status()

    assert check_files(training.directory) == epochs
    assert training.lines[-1] == "RuntimeError: mine"
    assert status == 1


def test_kill_in_the_midst_of_writing(tmp_path: Path) -> None:
    """Also while files are being written, those that are there are whole."""
    script = sonify(
        """
        sonifier.epoch(0, logs(0))
        sonifier.end()
        for epoch in range(5_000):
            sonifier.epoch(epoch, logs(epoch % 20))
        print("ready")
        time.sleep(60)
    """,
        player=None,
    )
    directory = tmp_path / "sound"

    with Program(script, tmp_path) as program:
        program.read_until("ready")
        while not list(directory.glob(".*.wav.*")) and program.is_running:
            time.sleep(0.001)
        program.signal(signal.SIGKILL)
        program.finish()

    for metric in ("loss", "val_loss", "accuracy", "val_accuracy"):
        frames, _ = soundfile.read(directory / f"{metric}.wav")
        with wave.open(str(directory / f"{metric}.wav")) as file:
            assert file.getnframes() == len(frames) > 0
        assert len(frames) % TONE_FRAMES == 0
    # Of which of the two runs it is, chance decides; the longer one has no live rows.
    assert read_table(directory, "loss.wav")


def test_script_without_an_end(card: VirtualCard, tmp_path: Path) -> None:
    """A script that just stops, without `end`, is heard to its last cue and written."""
    script = sonify("""
        for epoch in range(3):
            sonifier.epoch(epoch, logs(epoch))
            sonifier.drain(0.3)
    """)

    program = run(script, tmp_path, card.env)
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live")
    assert {row.epoch for row in rows} == {0, 1, 2}
    heard = listen(card.samples(), SAMPLE_RATE)
    last = [row for row in rows if row.epoch == 2]
    check_heard(heard[-len(last) :], last)
    frames, _ = soundfile.read(tmp_path / "sound" / "loss.wav")
    assert len(frames) == 3 * TONE_FRAMES
    assert np.abs(frames[-TONE_FRAMES:]).max() > 0.01
    assert program.exit_seconds < 2.0
    assert program.warnings == []
