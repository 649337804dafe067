"""What a helper makes of what runs say of themselves: done, dead or hung."""

import os
from pathlib import Path

import pytest

from keras_sonify.live.messages import Fields
from keras_sonify.live.terminal import Terminal, terminal_path
from keras_sonify.live.vigil import News, Vigil


class Told:
    """Keeps the news, and tells the time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.terminal = ""
        self.news: list[tuple[News, str]] = []
        self.vigil = Vigil(self._tell, lambda: self.now)

    def _tell(self, news: News, sentence: str, given: Fields, payload: bytes) -> None:
        self.news.append((news, sentence))

    def take(
        self, kind: str, run: int, *, at: float = 0.0, died: str = "It died."
    ) -> None:
        """Let time go on, then let a run say something."""
        self.look(at)
        self.vigil.take({kind: run, "died": died, "terminal": self.terminal})

    def look(self, at: float) -> None:
        """Let time go on, looking as often as helpers do."""
        while self.now < at:
            self.now = min(self.now + 0.25, at)
            self.vigil.look()

    @property
    def kinds(self) -> list[News]:
        """The kinds of the news."""
        return [kind for kind, _ in self.news]


def test_an_end_without_a_goodbye_is_a_death() -> None:
    """It is told in the words of the last epoch, for each run that is under way."""
    told = Told()
    told.take("begin", 1)
    told.take("begin", 2)
    told.take("beat", 1, died="It died after epoch 1.")
    told.take("begin", 3)
    told.take("done", 3)
    told.vigil.end()

    assert told.news == [("died", "It died after epoch 1."), ("died", "It died.")]


def test_steps_show_that_an_epoch_goes_on() -> None:
    """Their own pace is none of epochs: what follows may be a long validation."""
    told = Told()
    told.take("begin", 1)
    for second in range(4, 400, 4):
        told.look(second)
        told.vigil.take({"beat": 1, "within": True, "died": "It died."})
    told.look(396.0 + 599.0)
    assert told.news == []
    told.look(396.0 + 601.0)
    assert told.kinds == ["stalled"]


def test_the_length_of_an_epoch_is_known_after_the_first() -> None:
    """Whatever came within it."""
    told = Told()
    told.take("begin", 1)
    for second in range(10, 110, 10):
        told.look(second)
        is_within = second != 100
        told.vigil.take({"beat": 1, "within": is_within, "died": "It died."})
    told.look(100.0 + 299.0)
    assert told.news == []
    told.look(100.0 + 301.0)
    assert told.kinds == ["stalled"]


@pytest.mark.parametrize("last", ["done", "rest"])
def test_what_is_over_or_rests_cannot_die(last: str) -> None:
    """Nor can a run of which nothing is known."""
    told = Told()
    told.take("begin", 1)
    told.take("beat", 1)
    told.take(last, 1)
    told.take("beat", 7)
    told.take("done", 7)
    told.vigil.end()

    assert told.news == []


@pytest.mark.parametrize("again", ["beat", "wake", "begin"])
def test_what_goes_on_after_a_rest_can_die(again: str) -> None:
    """Whatever tells that it goes on."""
    told = Told()
    told.take("begin", 1)
    told.take("rest", 1)
    told.take(again, 1)
    told.vigil.end()

    assert told.kinds == ["died"]


@pytest.mark.parametrize(("epoch", "patience"), [(0.5, 60.0), (10.0, 60.0), (50, 150)])
def test_a_hang_is_told_once(epoch: float, patience: float) -> None:
    """After three times the length of an epoch, and after a minute at least."""
    told = Told()
    told.take("begin", 1)
    last = 0.0
    for place in range(1, 5):
        last = place * epoch
        told.take("beat", 1, at=last)
    told.look(last + patience - 1.0)
    assert told.news == []

    told.look(last + patience + 1.0)
    assert told.kinds == ["stalled"]
    told.look(last + 20.0 * patience)
    assert told.kinds == ["stalled"]

    told.take("beat", 1, at=last + 21.0 * patience)
    told.take("beat", 1, at=last + 21.0 * patience + epoch)
    assert told.kinds == ["stalled", "goes_on"]


def test_nobody_knows_how_long_the_first_epoch_takes() -> None:
    """However long it is, it is no hang, and it is the measure of the next."""
    told = Told()
    told.take("begin", 1)
    told.take("beat", 1, at=4000.0)
    told.look(15_000.0)

    assert told.news == []
    told.look(17_000.0)
    assert told.kinds == ["stalled"]


def test_a_rest_is_no_hang() -> None:
    """Nor is it counted where the next `fit` has begun."""
    told = Told()
    told.take("begin", 1)
    told.take("beat", 1, at=10.0)
    told.take("rest", 1, at=10.0)
    told.take("wake", 1, at=4000.0)
    told.look(4059.0)
    assert told.news == []

    told.look(4061.0)
    assert told.kinds == ["stalled"]


def test_news_stand_on_the_terminal(tmp_path: Path) -> None:
    """Each on a line of its own, below what stands there."""
    terminal = tmp_path / "terminal"
    terminal.write_text("epoch 3/10 [====")
    told = Told()
    told.terminal = str(terminal)
    told.take("begin", 1)
    told.take("beat", 1, died="It died after epoch 3 of 10.")
    told.vigil.end()

    assert terminal.read_text() == "epoch 3/10 [====\nIt died after epoch 3 of 10.\n"


@pytest.mark.parametrize("path", ["", "/nowhere/at/all", "/", "a\0b"])
def test_a_terminal_that_is_not_there_costs_the_line(path: str) -> None:
    """And nothing else."""
    terminal = Terminal(path)
    terminal.say("It died.")
    terminal.close()
    terminal.close()


def test_nobody_reads_the_terminal() -> None:
    """A pipe whose reader is gone does not end the helper."""
    reading, writing = os.pipe()
    terminal = Terminal(f"/proc/self/fd/{writing}")
    os.close(writing)
    os.close(reading)
    terminal.say("It died.")
    terminal.close()


def test_the_terminal_is_where_errors_go() -> None:
    """What it names can be written to."""
    terminal = Terminal(terminal_path())
    terminal.say("")
    assert Path(terminal_path()).exists()
    terminal.close()
