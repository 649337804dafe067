"""Whatever a run is given to: by name, as an object, in a list; and `on_event`."""

import math
import threading
import time
from typing import Any

import pytest

from keras_sonify import Sonifier
from keras_sonify.live import event_calls
from keras_sonify.live.event_calls import EventCalls
from keras_sonify.output import Output
from keras_sonify.score.cue import Cue
from keras_sonify.score.note import Note
from keras_sonify.training.events import Event


class Lamp:
    """An output of a user's: notes what it is given."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.trouble: str | None = None
        self.epochs: list[tuple[int, str, bool]] = []
        self.events: list[tuple[str, int, str]] = []
        self.closed = 0
        self._fault = fault

    def epoch(self, cue: Cue, sentence: str, *, play: bool) -> None:
        """Note an epoch, and perhaps raise."""
        self.epochs.append((cue.epoch, sentence, play))
        if self._fault is not None:
            raise self._fault

    def event(self, event: Event, notes: tuple[Note, ...], sentence: str) -> None:
        """Note what happened."""
        self.events.append((event.kind, len(notes), sentence))

    def close(self, timeout: float) -> None:
        """Note the end."""
        self.closed += 1


def _run(sonifier: Sonifier, *losses: float) -> list[str]:
    sonifier.begin(len(losses))
    for epoch, loss in enumerate(losses):
        sonifier.epoch(epoch, {"loss": loss})
    return sonifier.end()


def test_an_object_hears_the_run() -> None:
    """Each epoch with its words, then the end, then that it is over."""
    lamp = Lamp()

    _run(Sonifier(directory=None, player=lamp), 1.0, 0.5)

    assert isinstance(lamp, Output)
    assert lamp.epochs == [
        (0, "Epoch 1 of 2: loss 1", True),
        (1, "Epoch 2 of 2: loss 0.5, best so far", True),
    ]
    assert lamp.events == [("finished", 5, "Training finished after epoch 2 of 2")]
    assert lamp.closed == 1


def test_a_list_is_heard_on_all_that_are_in_it() -> None:
    """Beside one another, and from run to run."""
    lamps = [Lamp(), Lamp()]
    sonifier = Sonifier(directory=None, player=lamps)

    _run(sonifier, 1.0)
    _run(sonifier, 2.0)

    for lamp in lamps:
        assert [sentence for _, sentence, _ in lamp.epochs] == [
            "Epoch 1 of 1: loss 1",
            "Epoch 1 of 1: loss 2",
        ]
        assert lamp.closed == 2


def test_a_faulty_output_costs_itself_alone() -> None:
    """What it raises is told once; it is called again, and so are the others."""
    faulty, lamp = Lamp(OSError("no bulb")), Lamp()
    sonifier = Sonifier(directory=None, player=[faulty, lamp])

    with pytest.warns(
        UserWarning, match=r"`Lamp` failed: OSError\('no bulb'\)"
    ) as told:
        _run(sonifier, 1.0, 0.5, 0.25)

    assert len(told) == 1
    assert [epoch for epoch, _, _ in lamp.epochs] == [0, 1, 2]
    assert [epoch for epoch, _, _ in faulty.epochs] == [0, 1, 2]


def test_trouble_of_an_output_is_told_once() -> None:
    """As that of our own is."""
    lamp = Lamp()
    lamp.trouble = "The lamp is out."

    with pytest.warns(UserWarning, match="The lamp is out") as told:
        _run(Sonifier(directory=None, player=lamp), 1.0, 0.5)

    assert len(told) == 1


@pytest.mark.parametrize("player", [Lamp, 3, {"speaker"}, ["speaker", None], object()])
def test_what_is_no_output_is_refused(player: Any) -> None:  # noqa: ANN401
    """With what it must be, and what it was."""
    with pytest.raises(TypeError, match=r"`player` must be one of .*Received: player="):
        Sonifier(player=player)


def test_events_are_called_as_they_happen() -> None:
    """In a thread of ours, in their order; a slow function holds up nobody."""
    called: list[tuple[str, int, str, str]] = []
    may_go_on = threading.Event()

    def note(event: Event) -> None:
        may_go_on.wait(20.0)
        name = threading.current_thread().name
        called.append((event.kind, event.epoch, event.sentence, name))

    sonifier = Sonifier(directory=None, player=None, earcons=False, on_event=note)
    sonifier.begin(3)
    for epoch, loss in enumerate((1.0, math.nan, math.nan)):
        sonifier.epoch(epoch, {"loss": loss}, learning_rate=0.1)
    assert not called  # nobody has waited for it
    may_go_on.set()
    sonifier.end("stopped_early")

    ours = "keras-sonify-events"
    assert called == [
        ("nan_loss", 1, "Epoch 2: loss is NaN", ours),
        ("stopped_early", 2, "Training stopped early after epoch 3 of 3", ours),
    ]


def test_a_function_that_raises_is_told_once() -> None:
    """It is called again, and nothing else is lost."""
    calls: list[Event] = []

    def fail(event: Event) -> None:
        calls.append(event)
        raise RuntimeError("no network")

    sonifier = Sonifier(directory=None, player=None, on_event=fail)

    with pytest.warns(UserWarning, match="`on_event` raised RuntimeError") as told:
        _run(sonifier, math.nan)

    assert len(told) == 1
    assert [event.kind for event in calls] == ["nan_loss", "finished"]


def test_a_function_that_hangs_holds_up_no_end() -> None:
    """The end waits as long as it is allowed to, then it goes on."""
    hanging = threading.Event()
    calls = EventCalls(lambda _: hanging.wait(20.0))
    calls.event(Event(kind="finished", epoch=0, text=""), (), "")
    begun = time.monotonic()

    calls.close(0.2)

    assert 0.1 < time.monotonic() - begun < 2.0
    hanging.set()


def test_the_end_of_a_run_waits_a_little_for_a_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However long the files may take: one that hangs is given up, and that is told."""
    monkeypatch.setattr(event_calls, "_PATIENCE", 0.1)
    hanging = threading.Event()
    on_event = lambda _: hanging.wait(20.0)  # noqa: E731 - as users write
    sonifier = Sonifier(directory=None, player=None, on_event=on_event)
    begun = time.monotonic()

    with pytest.warns(UserWarning, match="`on_event` does not return"):
        _run(sonifier, 1.0)

    assert time.monotonic() - begun < 5.0
    hanging.set()


def test_an_output_is_given_a_time_that_threads_can_wait() -> None:
    """`Thread.join` refuses an infinite one."""

    class Joins(Lamp):
        def close(self, timeout: float) -> None:
            thread = threading.Thread(target=str)
            thread.start()
            thread.join(timeout)
            super().close(timeout)

    lamp = Joins()

    _run(Sonifier(directory=None, player=lamp), 1.0)

    assert lamp.closed == 1
