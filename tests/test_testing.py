"""The test double that the package offers keeps what an output is given."""

import pytest

from keras_sonify import Sonifier
from keras_sonify.output import Output
from keras_sonify.testing import RecordingOutput
from keras_sonify.training.events import Event


def _run(output: RecordingOutput, *, earcons: bool = True) -> list[Event]:
    """A run with NaN in its second epoch; return what `on_event` was called with."""
    called: list[Event] = []
    sonifier = Sonifier(
        directory=None, player=output, on_event=called.append, earcons=earcons
    )
    sonifier.epoch(0, {"loss": 1.0}, play=False)
    sonifier.epoch(1, {"loss": float("nan")})
    sonifier.end()
    return called


def test_it_is_an_output() -> None:
    """It has the methods of the protocol, so that `player=` takes it."""
    assert isinstance(RecordingOutput(), Output)


def test_it_keeps_what_it_is_given() -> None:
    """Epochs with their cue, sentence and whether to play, events with their notes."""
    output = RecordingOutput()

    _run(output)

    assert [(cue.epoch, play) for cue, _, play in output.epochs] == [
        (0, False),
        (1, True),
    ]
    assert output.epochs[0][1] == "Epoch 1: loss 1"
    assert [note.kind for note in output.epochs[0][0].notes] == ["tone"]
    assert [(event.kind, len(notes), said) for event, notes, said in output.events] == [
        ("finished", 5, "Training finished after epoch 2")
    ]
    assert output.is_closed


def test_it_sees_what_on_event_is_called_with() -> None:
    """`happened` holds the same events in the same order, also silent ones."""
    output = RecordingOutput()

    called = _run(output, earcons=False)

    assert output.happened == called
    assert [event.kind for event in called] == ["nan_loss", "finished"]
    assert output.events[0][1] == ()


def test_its_trouble_is_told() -> None:
    """A test can see that a run tells of an output that does not work."""
    output = RecordingOutput()
    output.trouble = "The lamp is broken."

    with pytest.warns(UserWarning, match=r"^The lamp is broken\.$"):
        _run(output)
