"""From the sound of real trainings back to their epochs, values and verdicts.

The listener is `blind_listener.py`; the trainings are those of `trainings/`.
"""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from blind_listener import Pitch, decode_summary, find_onsets, to_cents
from digests import digest
from ear import Sound, listen
from rendered import KINDS, RATE, Rendered, errors, expected, render_log
from verdict_ear import OF_ONE, Verdict, judge

# Pitches nearer than this are a tie, without and with noise: at worst a tone of 40 ms
# is heard 0.03 cents off, in noise one cent. Two cents are 0.15 % of a loss.
_TIE_CENTS = {False: 0.1, True: 2.0}


def _voices(way: str) -> list[str]:
    return {"left": ["loss"], "right": ["val_loss"]}.get(way, ["loss", "val_loss"])


def _through(way: str, stereo: Sound) -> Sound:
    """Return what arrives of the stereo sound."""
    match way:
        case "left":
            return stereo[:, 0]
        case "right":
            return stereo[:, 1]
        case "mono":
            mono: Sound = stereo.mean(axis=1)
            return mono
    return stereo


def _add_noise(sound: Sound, seed: int) -> Sound:
    """Add white noise 20 dB below the sound."""
    chance = np.random.default_rng(seed)
    rms = math.sqrt(np.mean(sound**2))
    noisy: Sound = sound + 0.1 * rms * chance.standard_normal(sound.shape)
    return noisy


def _in_wrong_order(heard: list[Pitch], values: list[float], tie: float) -> int:
    """Count the pairs whose pitches are no tie and stand otherwise than the values."""
    pairs = [
        (pitch, value)
        for pitch, value in zip(heard, values, strict=True)
        if pitch is not None and math.isfinite(value)
    ]
    pitches, finite = np.array(pairs).T
    rises = pitches[:, None] - pitches > tie
    return int(np.sum(rises & (finite[:, None] <= finite)))


def test_there_are_enough_trainings_of_each_kind(trainings: list[Rendered]) -> None:
    """Ten runs converge, ten overfit, and eight of each kind go wrong otherwise."""
    counts = {kind: sum(run.kind == kind for run in trainings) for kind in KINDS}

    assert min(counts["converging"], counts["overfitting"]) >= 10
    assert min(counts.values()) >= 8


@pytest.mark.parametrize("name", ["loss", "val_loss"])
def test_each_epoch_has_its_pitch(trainings: list[Rendered], name: str) -> None:
    """Each epoch is heard within 5 cents of the timing table, 95 % within 2."""
    found = [
        error
        for run in trainings
        for error in errors(run.pitches[name], expected(run.rows(name)))
    ]

    assert max(found) <= 5.0
    assert np.quantile(found, 0.95) <= 2.0


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("way", ["stereo", "mono", "left", "right"])
def test_values_come_back_from_the_summary(
    trainings: list[Rendered],
    way: str,
    noisy: bool,
) -> None:
    """From `training.wav` each epoch's pitch is heard within 10 cents, in its order.

    In stereo, as a mono downmix and with one ear (which need hear its own voice only),
    with and without white noise at 20 dB SNR; rank correlation 1 but for ties.
    """
    for seed, run in enumerate(trainings):
        sound = _through(way, run.sound("training"))

        heard = decode_summary(_add_noise(sound, seed) if noisy else sound, RATE)

        rows, tie = run.rows("training"), _TIE_CENTS[noisy]
        for name in _voices(way):
            pitches = heard.train if name == "loss" else heard.validation
            meant = expected(row for row in rows if row.metric == name)
            assert max(errors(pitches, meant)) <= 10.0
            assert _in_wrong_order(pitches, list(run.log[name]), tie) == 0


def test_praat_hears_the_same_pitches(trainings: list[Rendered]) -> None:
    """In a run of each kind Praat agrees with the listener to a tenth of a cent."""
    for kind in KINDS:
        run = next(run for run in trainings if run.kind == kind)
        for name in ("loss", "val_loss"):
            slots = run.sound(name).reshape(run.epochs, -1)

            (heard, *more) = zip(*(listen(slot, RATE) for slot in slots), strict=True)

            pitches = [to_cents(note.pitch_hz) for note in heard]
            assert more == []
            assert pitches == pytest.approx(run.pitches[name], abs=0.1, nan_ok=True)


def test_epochs_are_counted_exactly(trainings: list[Rendered]) -> None:
    """Every epoch is heard in each file, and those without a number as noise."""
    for run in trainings:
        short = {"loss": run.summary.train, "val_loss": run.summary.validation}

        for name in ("loss", "val_loss"):
            wrong = [not math.isfinite(value) for value in run.log[name]]
            for heard in (run.pitches[name], short[name]):
                assert None not in heard
                assert [math.isnan(pitch or 0.0) for pitch in heard] == wrong


@pytest.mark.parametrize("name", ["loss", "val_loss"])
def test_onsets_lie_on_the_grid(trainings: list[Rendered], name: str) -> None:
    """In a metric's file each epoch begins within 2 ms of its place, and none else."""
    for run in trainings:
        onsets = find_onsets(run.sound(name), RATE)

        assert onsets == pytest.approx(0.15 * np.arange(1, run.epochs), abs=2e-3)


def test_a_tick_marks_every_tenth_epoch(trainings: list[Rendered]) -> None:
    """Ticks are heard in every tenth slot of the summary, wherever no noise is."""
    for run in trainings:
        heard = run.summary.ticks

        tenth = range(9, run.epochs, 10)
        assert heard == [k for k in tenth if math.isfinite(run.log["loss"][k])]


def _verdicts(trainings: list[Rendered], *, brief: bool) -> list[Verdict]:
    """Return the verdict on each run: from two files, or from a mono summary."""
    if brief:
        return [judge(run.summary.train, run.summary.validation) for run in trainings]
    pitches = [run.pitches for run in trainings]
    return [judge(each["loss"], each["val_loss"], OF_ONE) for each in pitches]


@pytest.mark.parametrize("brief", [False, True], ids=["metric files", "mono summary"])
def test_the_verdict_is_right(trainings: list[Rendered], brief: bool) -> None:
    """In 97 % of the runs the listener tells how the training went."""
    verdicts = _verdicts(trainings, brief=brief)

    right = [v.kind == run.kind for v, run in zip(verdicts, trainings, strict=True)]
    assert np.mean(right) >= 0.97


@pytest.mark.parametrize("brief", [False, True], ids=["metric files", "mono summary"])
def test_overfitting_is_told_from_its_epoch_on(
    trainings: list[Rendered],
    brief: bool,
) -> None:
    """In 95 % of the runs that overfit, since one epoch about the best `val_loss`."""
    overfitting = [run for run in trainings if run.kind == "overfitting"]

    verdicts = _verdicts(overfitting, brief=brief)

    best = [1 + int(np.argmin(run.log["val_loss"])) for run in overfitting]
    near = [
        verdict.epoch is not None and abs(verdict.epoch - epoch) <= 1
        for verdict, epoch in zip(verdicts, best, strict=True)
    ]
    assert np.mean(near) >= 0.95


def test_the_epoch_of_a_nan_is_told(trainings: list[Rendered]) -> None:
    """Where a run turns NaN or infinite, the first such epoch is heard exactly."""
    broken = [run for run in trainings if run.kind == "nan"]

    verdicts = _verdicts(broken, brief=False)

    both = [np.add(run.log["loss"], run.log["val_loss"]) for run in broken]
    first = [1 + int(np.argmin(np.isfinite(sums))) for sums in both]
    assert [verdict.epoch for verdict in verdicts] == first


@pytest.mark.parametrize("kind", KINDS)
def test_a_history_always_sounds_the_same(
    trainings: list[Rendered],
    tmp_path: Path,
    kind: str,
) -> None:
    """The same history, heard again, gives the same files to the byte.

    But for when that was, which `run.json` and one line of the page say.
    """
    run = next(run for run in trainings if run.kind == kind)
    again = tmp_path.joinpath(*run.directory.parts[-2:])  # which the page tells

    render_log(run.log, again)

    names = sorted(path.name for path in run.directory.iterdir())
    assert sorted(path.name for path in again.iterdir()) == names
    for name in set(names) - {"index.html", "run.json"}:
        assert digest(again / name) == digest(run.directory / name)
    pages = [(where / "index.html").read_text() for where in (again, run.directory)]
    timeless = [re.sub('<p class="about">.*', "", page) for page in pages]
    assert timeless[0] == timeless[1]
