"""What the user can choose of events and of live sound, heard in what is played."""

import csv
import math
from pathlib import Path
from typing import Any

import keras
import pytest

from keras_sonify import Rules, Sonifier, SonifyCallback
from keras_sonify.score.cue import Cue
from keras_sonify.score.note import Note
from keras_sonify.testing import RecordingOutput

_NAN = math.nan
_RISING = [2.0, 1.5, 1.2, 1.1, 1.3, 1.5, 1.6, 1.7, 1.8, 1.9]


def _run(sonifier: Sonifier) -> list[Cue]:
    """A run that overfits, with a lower learning rate, and ends in NaN."""
    cues = [
        sonifier.epoch(
            epoch,
            {"loss": 2.0 * 0.8**epoch if epoch < 9 else _NAN, "val_loss": val_loss},
            learning_rate=0.1 if epoch < 5 else 0.01,
        )
        for epoch, val_loss in enumerate(_RISING)
    ]
    sonifier.end()
    return [cue for cue in cues if cue]


def _rows(directory: Path, file: str) -> list[dict[str, str]]:
    with (directory / "score.csv").open(newline="", encoding="utf-8") as table:
        return [row for row in csv.DictReader(table) if row["file"] == file]


def _kinds(cues: list[Cue]) -> list[str]:
    return [cue.sounded.kind for cue in cues if cue.sounded]


def test_most_events_sound_unless_told_otherwise(tmp_path: Path) -> None:
    """Each goes with the cue of its epoch, behind the tones, after a pause."""
    cues = _run(Sonifier(directory=tmp_path, player=None))

    assert _kinds(cues) == ["overfitting", "nan_loss"]
    for cue in cues:
        if cue.sounded:
            tones = [note for note in cue.notes if note.metric]
            earcon = [note for note in cue.notes if not note.metric]
            assert {note.kind for note in earcon} == {cue.sounded.kind}
            assert earcon[0].start - tones[-1].end == pytest.approx(0.15)


def test_without_earcons_nothing_sounds_but_the_metrics(tmp_path: Path) -> None:
    """`earcons=False` silences all; what happened is still told with the cue."""
    cues = _run(Sonifier(directory=tmp_path, player=None, earcons=False))

    assert _kinds(cues) == []
    assert all(note.metric for cue in cues for note in cue.notes)
    assert [event.kind for cue in cues for event in cue.happened] == [
        *("learning_rate", "overfitting", "nan_loss")
    ]
    assert not [row for row in _rows(tmp_path, "live") if row["text"]]


def test_what_is_only_told_sounds_if_it_is_named() -> None:
    """The learning rate is told with its cue, and heard where somebody asks for it."""
    told = _run(Sonifier(directory=None, player=None))
    heard = _run(Sonifier(directory=None, player=None, earcons=["learning_rate"]))

    for cues in (told, heard):
        assert "learning_rate" in [e.kind for cue in cues for e in cue.happened]
    assert "learning_rate" not in _kinds(told)
    assert _kinds(heard) == ["learning_rate"]


def test_words_can_be_switched_off(tmp_path: Path) -> None:
    """With `words=False` figures sound alone: live, in the files, and at the end."""
    runs: dict[bool, list[Note]] = {}
    for words in (True, False):
        output = RecordingOutput()
        directory = tmp_path / str(words)
        _run(Sonifier(directory=directory, player=output, words=words))
        notes = [note for cue, _, _ in output.epochs for note in cue.notes]
        runs[words] = [*notes, *output.events[-1][1]]
        said = [row["text"] for row in _rows(directory, "training.wav")]
        assert (said[-1] == "not a number") == words

    assert [note for note in runs[True] if not note.word] == runs[False]
    assert [note.word for note in runs[True] if note.word] == [
        *("overfitting", "not a number", "finished")
    ]


def test_words_are_on_or_off() -> None:
    """Nothing else is taken for either."""
    with pytest.raises(
        TypeError, match=r"`words` must be a boolean. Received: words=1"
    ):
        Sonifier(words=1)  # type: ignore[arg-type] # on purpose


def test_a_list_chooses(tmp_path: Path) -> None:
    """Only what was named sounds, also where something more important happened."""
    chosen = Sonifier(directory=tmp_path, player=None, earcons=["overfitting"])

    assert _kinds(_run(chosen)) == ["overfitting"]


@pytest.mark.parametrize(
    ("earcons", "error", "match"),
    [
        (["overfit"], ValueError, r"Unrecognized earcons \['overfit'\]. Expected some"),
        ([3], ValueError, r"Received: earcons=\[3\]"),
        ("overfitting", TypeError, "must be a boolean or a list of events"),
        (None, TypeError, "Received: earcons=None"),
    ],
)
def test_unknown_events_are_refused(
    earcons: Any,  # noqa: ANN401 - on purpose
    error: type[Exception],
    match: str,
) -> None:
    """A misspelt name shows at once, with the names that there are."""
    with pytest.raises(error, match=match):
        Sonifier(earcons=earcons)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"gain_db": 21}, "`gain_db` must be a number from -60 to 20"),
        ({"gain_db": _NAN}, "`gain_db` must be a number from -60 to 20"),
        ({"gain_db": "loud"}, "`gain_db` must be a number from -60 to 20"),
    ],
)
def test_wrong_settings_are_refused(options: dict[str, Any], match: str) -> None:
    """What cannot be is refused when the sonifier is made."""
    with pytest.raises(ValueError, match=match):
        Sonifier(**options)


def test_rules_must_be_rules() -> None:
    """A dictionary of thresholds is none."""
    with pytest.raises(TypeError, match="`rules` must be `Rules` or `None`"):
        Sonifier(rules={"plateau_epochs": 5})  # type: ignore[arg-type] # on purpose


def test_rules_of_one_s_own_are_used(tmp_path: Path) -> None:
    """The thresholds are those that were given."""
    rules = Rules(overfitting_epochs=1, learning_rate_drop=0.95)

    cues = _run(Sonifier(directory=tmp_path, player=None, rules=rules))

    assert _kinds(cues) == ["overfitting", "nan_loss"]


def test_without_metrics_only_events_are_heard() -> None:
    """With `metrics=[]` a cue is silent unless something happened."""
    cues = _run(Sonifier([], directory=None, player=None))

    assert [cue.epoch for cue in cues if cue.notes] == [
        cue.epoch for cue in cues if cue.sounded
    ]
    assert _kinds(cues) == ["overfitting", "nan_loss"]
    assert all(cue.notes[0].start == 0.0 for cue in cues if cue.notes)


def test_events_stand_in_the_table_and_in_the_summary(tmp_path: Path) -> None:
    """In `score.csv` with what happened, for the cue and for the mark in the WAV file.

    A spoken word has a row, too. The most important of what is marked is said at the
    end, after its mark.
    """
    cues = _run(Sonifier(directory=tmp_path, player=None))

    told = [
        (str(cue.epoch), cue.sounded.kind, cue.sounded.text)
        for cue in cues
        if cue.sounded
    ]
    for file in ("live", "training.wav"):
        rows = [row for row in _rows(tmp_path, file) if row["text"]]
        words = [row["text"] for row in rows if not row["frequency_hz"]]
        rows = [row for row in rows if row["frequency_hz"]]
        said = ["overfitting", "not a number"]
        assert words == (said if file == "live" else said[1:])
        assert [(row["epoch"], row["kind"], row["text"]) for row in rows] == told
        assert {row["metric"] + row["value"] for row in rows} == {""}
    assert not [row for row in _rows(tmp_path, "loss.wav") if row["text"]]


def test_events_are_told_in_plain_lines(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With `verbose=1` one line each below the epoch's, which count from one."""
    callback = SonifyCallback(directory=tmp_path, player=None, verbose=1, primary=True)
    callback.set_params({"epochs": 12, "verbose": 0})
    keras.utils.enable_interactive_logging()

    callback.on_train_begin()
    for epoch, val_loss in enumerate(_RISING):
        loss = 2.0 * 0.8**epoch if epoch < 9 else _NAN
        callback.on_epoch_end(epoch, {"loss": loss, "val_loss": val_loss})
    callback.on_train_end()

    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith(("Epoch 9", "Epoch 10"))] == [
        (
            "Epoch 9 of 12: loss 0.3355, best so far; "
            "val_loss 1.8, 64 percent worse than best"
        ),
        ("Epoch 10 of 12: loss is NaN; val_loss 1.9, 73 percent worse than best"),
        "Epoch 10: loss is NaN",
    ]
    assert "overfitting" in " ".join(lines)
    assert any(line.startswith("Training stopped early") for line in lines)
    assert all(line.isprintable() for line in lines)
