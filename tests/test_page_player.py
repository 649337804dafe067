"""What a run sends to a page, whichever way: cues, and what happened, in words."""

import base64
import io
import math
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import soundfile

from keras_sonify import Sonifier
from keras_sonify.live.messages import Fields
from keras_sonify.live.watch import Watch
from keras_sonify.page.board import Pictured
from keras_sonify.page.greeting import Greeting
from keras_sonify.score.first_sight import first_sight
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.style import CLEAR
from keras_sonify.training.record import Record, Snapshot

_WENT_WRONG = "Epoch 14 of 14: loss is NaN"


class Page:
    """The way to no page: keeps what it is sent."""

    trouble: str | None = None
    may_pass = False

    def __init__(self) -> None:
        self.cues: list[dict[str, Any]] = []
        self.greetings: list[Greeting] = []
        self.told_of_runs: list[Fields] = []

    def show(self, state: Pictured, run: Snapshot, hearing: Hearing) -> None:
        """Show nothing."""

    def greet(self, greeting: Greeting) -> None:
        """Keep what is heard first."""
        self.greetings.append(greeting)

    def cue(self, cue: dict[str, Any]) -> None:
        """Keep a cue."""
        self.cues.append(cue)

    def introduce(self, fields: Fields, payload: bytes) -> None:
        """Keep what a run says of itself."""
        self.told_of_runs.append(fields)

    def pass_on(self, fields: Fields, timeout: float = 0.0) -> None:
        """Keep what a run says of itself."""
        self.told_of_runs.append(fields)

    def dismiss(self, fields: Fields, timeout: float) -> None:
        """Keep what a run says of itself."""
        self.told_of_runs.append(fields)

    def leave(self, run: Snapshot, hearing: Hearing) -> None:
        """Leave nothing."""

    @property
    def told(self) -> list[tuple[str, list[str]]]:
        """The words and the events of the cues in which something happened."""
        return [(cue["said"], cue["events"]) for cue in self.cues if cue["events"]]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    """Where all runs of a test are sent."""
    page = Page()
    monkeypatch.setattr("keras_sonify.live.choose.browser_outlet", lambda: page)
    return page


def _wait_watched(sonifier: Sonifier) -> None:
    """Wait until the page's process has heard of the run."""
    assert sonifier._run is not None  # nothing else tells
    player: Any = sonifier._run.outputs[-1]
    deadline = time.monotonic() + 10.0
    while not player.watch.has_begun:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _train(**settings: Any) -> Sonifier:  # noqa: ANN401
    """Run through epochs at once: a lower rate in the sixth, NaN in the last."""
    sonifier = Sonifier(directory=None, player="browser", **settings)
    sonifier.begin(14)
    _wait_watched(sonifier)
    for epoch in range(14):
        loss = math.nan if epoch == 13 else 2.0 * 0.7**epoch
        values = {"loss": loss, "val_loss": 2.2 * 0.8**epoch}
        sonifier.epoch(epoch, values, learning_rate=1.0 if epoch < 5 else 0.1)
    return sonifier


def test_a_cue_comes_with_its_words(page: Page) -> None:
    """An ordinary epoch sounds and is told, may be dropped, and is no event."""
    sonifier = Sonifier(directory=None, player="browser")
    sonifier.epoch(0, {"loss": 0.5})
    sonifier.drain(5.0)

    (cue,) = page.cues
    assert cue.pop("sound")
    assert cue == {
        "said": "Epoch 1: loss 0.5",
        "short": "Epoch 1: training loss 0.5",
        "events": [],
        "urgent": False,
        "keep": False,
    }


@pytest.mark.parametrize("words", [True, False])
def test_a_page_is_told_what_to_begin_with(page: Page, words: bool) -> None:
    """Once, before the first epoch: better, worse and alarm, spoken if words are."""
    sonifier = Sonifier(directory=None, player="browser", words=words)
    sonifier.begin(3)
    deadline = time.monotonic() + 10.0
    while not page.greetings:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    sonifier.epoch(0, {"loss": 0.5})
    sonifier.end()

    (greeting,) = page.greetings
    sound = io.BytesIO(base64.b64decode(greeting["sound"]))
    assert greeting["said"] == "Better, worse, alarm."
    last = [note for note in first_sight(CLEAR) if words or not note.word][-1]
    assert soundfile.info(sound).duration == pytest.approx(last.end, abs=0.01)


def test_what_happened_is_not_what_must_be_heard(page: Page) -> None:
    """A small event says that it is one, though its cue may give way to a newer one."""
    _train(metrics=[], earcons=["learning_rate", "nan_loss"]).drain(10.0)

    sounding = [cue for cue in page.cues if cue["sound"]]
    assert [(cue["events"], cue["keep"]) for cue in sounding] == [
        (["learning_rate"], False),
        (["nan_loss"], True),
    ]


def test_events_without_a_sound_are_told(page: Page) -> None:
    """Where nothing sounds, words alone are sent of events, and of nothing else."""
    sonifier = _train(earcons=False, metrics=[])
    sonifier.sound("stalled")
    sonifier.sound("crashed")
    sonifier.drain(5.0)

    kinds = ["learning_rate", "best", "nan_loss", "stalled", "crashed"]
    assert [cue["events"] for cue in page.cues] == [[kind] for kind in kinds]
    assert [cue["urgent"] for cue in page.cues] == [False, False, True, False, True]
    assert [cue["sound"] for cue in page.cues] == [""] * 5
    assert page.cues[2]["said"].startswith(_WENT_WRONG)
    assert [cue["said"] for cue in page.cues[3:]] == [
        "Nothing new for long: stalled?",
        "Training crashed after epoch 14 of 14",
    ]


def test_events_are_told_though_their_cues_are_not_heard(page: Page) -> None:
    """Of cues that come all at once the newest wins; what happened is told in order."""
    sonifier = _train(earcons=False)
    sonifier.epoch(14, {"loss": 1.0})
    sonifier.drain(10.0)

    assert [events for _, events in page.told] == [
        ["learning_rate"],
        ["best"],
        ["nan_loss"],
    ]
    assert sum(bool(cue["sound"]) for cue in page.cues) < 5
    assert page.cues[-1]["said"].startswith("Epoch 15 of 14: loss 1, ")


@pytest.mark.slow
def test_a_best_that_is_heard_is_said_once(page: Page) -> None:
    """Its value says so already; the words of a metric that is silent stay."""
    for metrics in ("val_loss", "loss"):
        _train(metrics=metrics).drain(10.0)

    bests = [said for said, events in page.told if events == ["best"]]
    assert bests == [
        "Epoch 11 of 14: val_loss 0.2362, best so far",
        "Epoch 11 of 14: loss 0.0565, best so far. val_loss 0.2362 is the best so far",
    ]


def test_a_run_says_how_it_fares(page: Page) -> None:
    """That it is under way, each epoch of it, and at last that it is over."""
    sonifier = _train()
    sonifier.end()

    kinds = [next(iter(each)) for each in page.told_of_runs]
    assert kinds[0] == "begin"
    assert set(page.told_of_runs[0]["sounds"]) == {"died", "stalled"}
    assert set(kinds[1:-1]) <= {"beat"}
    assert kinds[-1] == "done"


def test_what_never_begins_is_not_said_to_be_over(page: Page) -> None:
    """A run that ends before the helper has heard of it has no need to."""
    is_over = threading.Event()

    def give() -> tuple[Fields, bytes]:
        is_over.wait(10.0)
        return {}, b""

    watch = Watch(Record(), page, give)
    watch.end()
    is_over.set()
    watch.beat()
    assert watch._thread is not None  # nothing else tells when it is done
    watch._thread.join(10.0)

    assert page.told_of_runs == []


def test_a_fit_that_may_be_gone_on_with_rests(page: Page) -> None:
    """Between two, nothing is under way."""
    sonifier = _train()
    sonifier.rest()
    sonifier.rest(is_over=True)
    sonifier.close()

    kinds = [next(iter(each)) for each in page.told_of_runs]
    assert kinds[-3:] == ["rest", "wake", "done"]


def test_whoever_enables_sound_is_told_what_the_run_is_held_against(
    page: Page, tmp_path: Path
) -> None:
    """At the beginning, also where only events are spoken."""
    Sonifier.from_history({"loss": [1.0, 0.5]}, directory=tmp_path / "baseline")
    sonifier = Sonifier(directory=None, player="browser", against=tmp_path / "baseline")
    sonifier.epoch(0, {"loss": 0.9})
    deadline = time.monotonic() + 20.0
    while not (page.cues and page.greetings):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    sonifier.end()

    told = [greeting["said"] for greeting in page.greetings]
    assert told == ["Better, worse, alarm. Held against baseline."]
    first, *_ = page.cues
    assert first["short"] == "Epoch 1: training loss 10 percent better than baseline"
