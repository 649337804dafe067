"""The line over the curves is where the sound is, by the audio's clock and by ear."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from blind_listener import pitches_of, to_cents
from browser import until
from live_page_seen import card_clock
from page_run import METRICS, make_run, overfitting
from page_stage import (
    Stage,
    audio,
    choose,
    go_to,
    page_clock,
    play,
    sounding_stage,
    until_said,
)
from patience import with_patience
from playwright.sync_api import Page
from table import Row, read_table
from virtual_card import SAMPLE_RATE

_EPOCHS = 20
_LATEST = 0.05  # seconds that the line may be off; a busy machine draws some late
_EVERY, _WINDOW = 0.005, 0.024  # seconds

Numbers = npt.NDArray[np.float64]

_WATCH = """() => {
    window.seen = [];
    const audio = document.getElementById("audio");
    const line = document.querySelector(".playhead");
    const look = () => {
        const now = [performance.now() / 1000, audio.currentTime];
        if (!audio.paused) seen.push([...now, line.x1.baseVal.value]);
        requestAnimationFrame(look);
    };
    look();
}"""


@dataclass(frozen=True)
class Track:
    """A file of the run, as the timing table has it: when which epoch begins."""

    rows: Sequence[Row]

    @property
    def slot(self) -> float:
        """How long an epoch is, in seconds."""
        return float(np.median(np.diff(self._starts)))

    @property
    def _starts(self) -> Numbers:
        first = [row for row in self.rows if row.metric in {"loss", "accuracy"}]
        return np.array([row.start for row in first])

    def places(self, seconds: Numbers) -> Numbers:
        """Return where in the run, in epochs, the file is at these times."""
        slots = np.searchsorted(self._starts, seconds, side="right") - 1
        inside = np.clip((seconds - self._starts[slots]) / self.slot, 0.0, 1.0)
        return slots % _EPOCHS + inside

    def lags(self, seconds: Numbers, places: Numbers) -> Numbers:
        """Return how far behind the sound the line is, in seconds."""
        behind = self.places(seconds) - places
        behind -= _EPOCHS * np.round(behind / _EPOCHS)  # from one part to the next
        return behind * self.slot

    def pitches(self, seconds: Numbers) -> Numbers:
        """Return what sounds at these times, in cents; NaN where nothing does."""
        starts = np.array([row.start for row in self.rows])
        ends = starts + np.array([row.duration for row in self.rows])
        cents = np.array([to_cents(row.frequency_hz) for row in self.rows])
        found = np.searchsorted(starts, seconds, side="right") - 1
        sounds = (found >= 0) & (seconds < ends[found])
        return np.where(sounds, cents[found], np.nan)


@pytest.fixture(scope="module")
def stage(card_parts: None) -> Iterator[Stage]:  # noqa: ARG001 - must come first
    """The browser and the sound card of all tests below."""
    with sounding_stage() as opened:
        yield opened


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a run whose summary goes through it twice: losses, accuracies."""
    folder = tmp_path_factory.mktemp("run")
    make_run(folder, overfitting(_EPOCHS), metrics=list(METRICS))
    return folder


@pytest.fixture
def page(stage: Stage, directory: Path) -> Iterator[Page]:
    """The run's page, whose line is watched in every frame of the picture."""
    opened = stage.open((directory / "index.html").as_uri())
    opened.evaluate(_WATCH)
    yield opened
    assert stage.complaints == []
    opened.context.close()


def _track(directory: Path, file: str) -> Track:
    rows = read_table(directory, f"{file}.wav")
    return Track([row for row in rows if row.metric])


def _places(page: Page, xs: Numbers) -> Numbers:
    """Return where in the run, in epochs, the line is when it is drawn there."""
    left, width = map(
        float,
        page.evaluate(
            "(box => [box.x.baseVal.value, box.width.baseVal.value])"
            "(document.querySelector('.panel'))"
        ),
    )
    places: Numbers = (xs - left) / width * _EPOCHS
    return places


def _began(stage: Stage, begun: int, track: Track) -> float:
    """Return when the file would have begun, in seconds after a frame, by ear alone."""
    mono = stage.ear.samples(begun).astype(np.float64).mean(axis=1)
    length, every = (round(seconds * SAMPLE_RATE) for seconds in (_WINDOW, _EVERY))
    windows = np.lib.stride_tricks.sliding_window_view(mono, length)[::every]
    sounds = np.abs(windows).max(axis=1) > 1e-3
    middles = (np.flatnonzero(sounds) * every + length / 2) / SAMPLE_RATE
    pitches = pitches_of(windows[sounds], SAMPLE_RATE)
    heard = np.array([np.nan if pitch is None else pitch for pitch in pitches])
    offsets = np.arange(-4.0, 4.0, _EVERY)
    fits = np.array(
        [(np.abs(heard - track.pitches(middles - o)) < 30.0).mean() for o in offsets]
    )
    assert fits.max() > 0.5, "this is not what should be heard"
    return float(np.median(offsets[fits == fits.max()]))


def _zero(stage: Stage, page: Page, begun: int, track: Track) -> float:
    """Return when the file would have begun, by the page's clock."""
    at_frame = card_clock(stage.ear) + begun / SAMPLE_RATE - page_clock(page)
    return at_frame + _began(stage, begun, track)


def test_the_line_keeps_up_with_the_sound(
    stage: Stage, page: Page, directory: Path
) -> None:
    """It goes twice through a summary of two parts, with each of its epochs."""
    track = _track(directory, "training")

    def check() -> None:
        page.evaluate("seen.length = 0")
        begun = stage.ear.frames
        play(page)
        until(lambda: audio(page, "ended"))
        stage.ear.wait_quiet()

        times, clock, xs = np.array(page.evaluate("seen")).T
        ends = track.rows[-1].start  # then the line waits at the right edge
        playing = (clock > 0) & (clock < ends)
        places = _places(page, xs)[playing]
        seconds = times[playing] - _zero(stage, page, begun, track)
        by_clock = track.lags(clock[playing], places)
        by_ear = track.lags(seconds[seconds > 0], places[seconds > 0])
        assert places.max() - places.min() > _EPOCHS - 2
        assert np.quantile(np.abs(by_clock), 0.95) < _LATEST
        assert np.quantile(np.abs(by_ear), 0.95) < _LATEST

    with_patience(stage.ear, check)


def test_the_line_stays_with_another_sound(
    stage: Stage, page: Page, directory: Path
) -> None:
    """Chosen in mid-play, a metric goes on from the same epoch, the line with it."""
    track = _track(directory, "accuracy")

    def check() -> None:
        go_to(page, 0)
        choose(page, "#track", "Training only")
        play(page)
        until(lambda: audio(page, "currentTime") > 0.8)

        page.focus("#track")
        changed = page.evaluate("performance.now() / 1000")
        for _ in range(4):
            page.keyboard.press("ArrowDown")
        until_said(page, "Now hearing: accuracy.")
        page.wait_for_timeout(300)
        begun = stage.ear.frames
        settled = page.evaluate("performance.now() / 1000")
        page.wait_for_timeout(1_000)

        zero = _zero(stage, page, begun, track)
        times, clock, xs = np.array(page.evaluate("seen")).T
        places, later = _places(page, xs), times > settled
        by_clock = track.lags(clock[later], places[later])
        by_ear = track.lags(times[later] - zero, places[later])
        before, after = places[times < changed][-1], places[later][0]
        assert 0 < after - before < 12
        assert np.quantile(np.abs(by_clock), 0.95) < _LATEST
        assert np.quantile(np.abs(by_ear), 0.95) < _LATEST

    with_patience(stage.ear, check)
