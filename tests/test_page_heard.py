"""What a run's page plays, by ear: the pitches that the timing table lists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from blind_listener import decode_metric, decode_summary, pitches_of
from ear import Sound
from page_run import make_run, overfitting, pitch_error
from page_stage import Stage, choose, go_to, hear, play, sounding_stage
from patience import DamagedError, with_patience
from playwright.sync_api import Page
from table import Row, read_table
from virtual_card import SAMPLE_RATE

_EPOCHS = 20
_FEW_CENTS = 3.0
_SILENCE = 1e-3  # re full scale


@dataclass(frozen=True)
class Run:
    """A run with its page."""

    directory: Path
    address: str

    def rows(self, file: str, *metrics: str) -> list[Row]:
        """Return what the timing table says of some metrics in a file, or of all."""
        rows = read_table(self.directory, file)
        return [row for row in rows if row.metric in metrics or not metrics]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that overfits, and is told so in its last epochs."""
    directory = tmp_path_factory.mktemp("run")
    return Run(directory, make_run(directory, overfitting(_EPOCHS)))


@pytest.fixture(scope="module")
def stage(card_parts: None) -> Iterator[Stage]:  # noqa: ARG001 - must come first
    """The browser and the sound card of all tests below."""
    with sounding_stage() as opened:
        yield opened


@pytest.fixture(scope="module")
def opened(stage: Stage) -> Page:
    """The window of all tests below."""
    return stage.open("about:blank")


@pytest.fixture
def page(stage: Stage, opened: Page, run: Run) -> Iterator[Page]:
    """The run's page, just opened."""
    stage.turn(opened, run.address)
    yield opened
    assert stage.complaints == []


def _whole(heard: Sound, seconds: float) -> Sound:
    """Return sound of just this length."""
    count = round(seconds * SAMPLE_RATE)
    return np.pad(heard, ((0, count), (0, 0)))[:count]


def _at(sound: Sound, rows: Sequence[Row]) -> Sound:
    """Return what is heard while notes should sound, counted from the first of them."""
    length = round((rows[0].duration - 0.03) * SAMPLE_RATE)
    starts = [
        round((row.start - rows[0].start + 0.02) * SAMPLE_RATE)  # past any tick
        for row in rows
    ]
    if len(sound) < starts[-1] + length:
        raise DamagedError("the recording is cut short")
    return np.stack([sound[start : start + length] for start in starts])


def test_play_sounds_the_whole_run(stage: Stage, page: Page, run: Run) -> None:
    """What is heard decodes to the pitches of `training.wav`, training on the left."""
    rows = run.rows("training.wav", "loss", "val_loss")

    def check() -> None:
        sound = _whole(hear(stage, partial(play, page)), 3.0)
        heard = decode_summary(sound, SAMPLE_RATE)
        left, right = (np.square(_at(sound, rows)[k]).sum(axis=0) for k in (4, 5))
        assert left[0] > 2 * left[1]
        assert right[1] > 2 * right[0]
        assert pitch_error(heard.train, rows[::2]) < _FEW_CENTS
        assert pitch_error(heard.validation, rows[1::2]) < _FEW_CENTS

    with_patience(stage.ear, check)


@pytest.mark.parametrize(
    ("label", "sides"),
    [
        ("Training only", ("loss", "val_loss")),
        ("Validation only", ("val_loss", "loss")),
    ],
)
def test_one_side_alone(
    stage: Stage, page: Page, run: Run, label: str, sides: tuple[str, str]
) -> None:
    """Played on from a step, its tones sound where they should; between is silence."""
    first = 14  # after its figure, which would be the first to sound
    choose(page, "#track", label)
    rows, others = (
        [row for row in run.rows("training.wav", side) if row.epoch >= first]
        for side in sides
    )
    marks = [row for row in run.rows("training.wav") if not row.metric]
    silent = [
        row
        for row in others
        if row.start > rows[0].start
        and not any(abs(mark.start - row.start) < 0.01 for mark in marks)
    ]

    def check() -> None:
        hear(stage, partial(go_to, page, first))
        sound = hear(stage, partial(play, page)).mean(axis=1)
        assert np.abs(_at(sound, [rows[0], *silent])[1:]).max() < _SILENCE
        assert pitch_error(pitches_of(_at(sound, rows), SAMPLE_RATE), rows) < _FEW_CENTS

    with_patience(stage.ear, check)


def test_one_metric_alone(stage: Stage, page: Page, run: Run) -> None:
    """Played on from a step, it sounds as in its own file, 0.15 s an epoch."""
    first = 12
    choose(page, "#track", "val_accuracy")
    rows = run.rows("val_accuracy.wav")[first:]

    def check() -> None:
        hear(stage, partial(go_to, page, first))
        sound = _whole(hear(stage, partial(play, page)), 0.15 * (_EPOCHS - first))
        heard = decode_metric(sound.mean(axis=1), SAMPLE_RATE)
        assert pitch_error(heard, rows) < _FEW_CENTS

    with_patience(stage.ear, check)


def test_without_a_script_it_plays(stage: Stage, run: Run) -> None:
    """By the browser's own controls, and the keyboard, the whole run is heard."""
    page = stage.open(run.address, java_script_enabled=False)
    rows = run.rows("training.wav", "loss", "val_loss")[:12]
    page.keyboard.press("Tab")

    def play_a_second() -> None:
        page.keyboard.press("Space")
        stage.ear.wait_sound()
        page.wait_for_timeout(1_000)
        page.keyboard.press("Space")

    def check() -> None:
        sound = hear(stage, play_a_second).mean(axis=1)
        page.keyboard.press("Home")
        assert pitch_error(pitches_of(_at(sound, rows), SAMPLE_RATE), rows) < _FEW_CENTS

    with_patience(stage.ear, check)
    page.context.close()
