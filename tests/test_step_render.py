"""The files that a run in steps leaves are heard truly, and are made again the same."""

import math
from pathlib import Path

import soundfile
from click.testing import CliRunner
from digests import digests
from made_steps import KnownRun, make_run
from table import read_table
from window_ear import decode_track, decode_windows

from keras_sonify import Sonifier
from keras_sonify.cli import commands

_SEED = 8  # two of whose steps stand far out
_WRONG = 600  # the step whose loss is no number


def _train(directory: Path) -> KnownRun:
    run = make_run(_SEED)
    sonifier = Sonifier(directory=directory, player=None)
    for step, loss in enumerate(run.losses.tolist(), start=1):
        sonifier.step(step, {"loss": math.nan if step == _WRONG else loss})
    last = float(run.trend[-1])
    sonifier.epoch(0, {"loss": last, "val_loss": 1.1 * last})
    sonifier.end()
    return run


def test_the_files_of_a_run_in_steps_are_heard_truly(tmp_path: Path) -> None:
    """From the disk: a grain a spike, and no mark of it besides; a tone a window."""
    run = _train(tmp_path)

    summary = decode_windows(*soundfile.read(tmp_path / "training.wav"))
    track = decode_track(*soundfile.read(tmp_path / "loss.wav"))

    rows = read_table(tmp_path, "training.wav")
    spikes = [row for row in rows if row.kind == "spike"]
    assert {row.step for row in spikes} == run.spikes
    assert [k for k, slot in enumerate(summary) if slot.has_grain] == [
        int(row.start / 0.16) for row in spikes
    ]
    assert len(summary) == 43
    assert sum(slot.has_grain for slot in track) == len(run.spikes)
    assert all(slot.train is not None for slot in [*summary, *track])


def test_an_event_is_marked_where_it_was(tmp_path: Path) -> None:
    """In the window that holds its step."""
    _train(tmp_path)

    rows = read_table(tmp_path, "training.wav")
    mark, *_ = [row for row in rows if row.kind == "nan_loss"]
    tones = [row for row in rows if (row.kind, row.metric) == ("tone", "loss")]
    ends = [row.step or 0 for row in tones]
    slot = round(mark.start / 0.16)
    assert mark.step == _WRONG
    assert ends[slot - 1] < _WRONG <= ends[slot]


def test_rendering_again_changes_no_sound(tmp_path: Path) -> None:
    """From its log alone, the sounds of a run are made once more, the same."""
    _train(tmp_path)
    before = digests(tmp_path, "*.wav")

    done = CliRunner().invoke(commands, ["render", str(tmp_path)])

    assert done.exit_code == 0, done.output
    assert digests(tmp_path, "*.wav") == before
