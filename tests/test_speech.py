"""When a page gives its words to a screen reader, and which: by its own clock."""

from collections.abc import Iterator

import pytest
from browser import evaluate_quietly, spoken
from page_stage import Stage, silent_stage
from playwright.sync_api import Page

from keras_sonify.page.assets import asset

_SCRIPT = f"""<script type="module">{asset("memory.js", "speech.js")}
globalThis.voice = new Voice({{ usual: "short", key: "" }});
globalThis.aloud = aloud;
</script>"""
_LONG = "in full, " * 20  # 16 seconds
_SHORT = "in short" * 5  # 3.6 seconds
_TONES = 1.2  # seconds
_ROLE = "document.querySelector('[role={}]').textContent"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The browser of all tests below."""
    with silent_stage() as opened:
        yield opened


@pytest.fixture(scope="module")
def opened(stage: Stage) -> Page:
    """The window of all tests below, whose clock stands."""
    page = stage.open("about:blank")
    page.clock.install(time=0)
    page.clock.pause_at(100_000)
    return page


@pytest.fixture
def page(stage: Stage, opened: Page) -> Iterator[Page]:
    """A page with nothing but a voice."""
    opened.evaluate("spoken.length = 0")
    opened.set_content(_SCRIPT)
    yield opened
    assert stage.complaints == []


def _cue(page: Page, epoch: int, kind: str = "", tones: float = 0.0) -> None:
    """Let a cue come: an ordinary one, an "event", or an "alarm"."""
    page.evaluate(
        """([said, short, kind, tones]) => voice.cue({
            said, short, events: kind ? [kind] : [], urgent: kind === "alarm",
        }, tones)""",
        [f"{epoch} {_LONG}", f"{epoch} {_SHORT}", kind, tones],
    )


def _train(page: Page, epochs: int, seconds: float) -> None:
    """Let epochs come, each so many seconds after the last one."""
    for epoch in range(1, epochs + 1):
        _cue(page, epoch, tones=_TONES)
        page.clock.run_for(round(1000 * seconds))


def _told(page: Page) -> list[str]:
    """Return what was spoken, each by its epoch and how: "3 in", "3 short"."""
    return [f"{line.split()[0]} {line.split()[2][:5]}" for line in spoken(page)]


def test_lines_are_spaced_by_their_length(page: Page) -> None:
    """Without tones one is said at once; of those that wait for it, the newest."""
    for epoch in (1, 2, 3):
        _cue(page, epoch)
        page.clock.run_for(1000)
    assert _told(page) == ["1 short"]
    page.clock.run_for(1000)  # 0.09 s for each of its 42 characters
    assert _told(page) == ["1 short", "3 short"]


def test_words_come_after_the_tones(page: Page) -> None:
    """Not before they are over, where epochs take long; then at once."""
    _train(page, 2, 20.0)
    _cue(page, 3, tones=_TONES)
    page.clock.run_for(round(1000 * _TONES) - 50)
    assert _told(page) == ["1 short", "2 short"]
    page.clock.run_for(100)
    assert _told(page) == ["1 short", "2 short", "3 short"]


@pytest.mark.parametrize("choice", ["short", "full"])
def test_tones_stay_free_where_epochs_are_quick(page: Page, choice: str) -> None:
    """Few of them are told, in short; the last one soon after its tones."""
    page.evaluate(f"voice.choose('{choice}')")
    _train(page, 40, 2.0)

    told = _told(page)
    page.clock.run_for(3000)
    assert 1 <= len(told) <= 4
    assert {line.split()[1] for line in told} == {"short"}
    assert _told(page)[-1] == "40 short"


def test_in_full_is_in_full_where_there_is_time(page: Page) -> None:
    """An epoch of twenty seconds leaves sixteen for its words."""
    page.evaluate("voice.choose('full')")
    _train(page, 3, 20.0)

    assert [line.split()[0] for line in spoken(page)] == ["1", "2", "3"]
    assert all("in full" in line for line in spoken(page)[1:])


def test_an_alarm_is_at_once_and_alone(page: Page) -> None:
    """Over tones and words, in a region of its own; what waited is forgotten."""
    _cue(page, 1)
    _cue(page, 2, "event")
    _cue(page, 3, "alarm", tones=_TONES)
    assert _told(page) == ["1 short", "3 short"]
    assert evaluate_quietly(page, _ROLE.format("alert")).startswith("3 ")
    assert evaluate_quietly(page, _ROLE.format("status")) == ""
    page.clock.run_for(10_000)
    assert _told(page) == ["1 short", "3 short"]
    assert evaluate_quietly(page, _ROLE.format("alert")) == ""  # not met once more


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ("events", ["2 short", "3 short"]),
        ("short", ["1 short", "2 short", "3 short"]),
        ("full", ["1 full,", "2 full,", "3 short"]),
        ("none", []),
    ],
)
def test_what_is_spoken_is_chosen(page: Page, choice: str, told: list[str]) -> None:
    """Events, epochs in short or in full, or nothing, not even an alarm."""
    page.evaluate(f"voice.choose('{choice}')")
    for epoch, kind in enumerate(("", "event", "alarm"), start=1):
        _cue(page, epoch, kind)
        page.clock.run_for(20_000)

    assert [line.replace("full,", "full, "[:5]) for line in _told(page)] == told


def test_an_event_waits_for_its_own_tones_only(page: Page) -> None:
    """However quickly the next ones come."""
    _train(page, 3, 1.0)
    _cue(page, 4, "event", tones=_TONES)
    page.clock.run_for(1000)
    _cue(page, 5, tones=_TONES)
    page.clock.run_for(500)

    assert _told(page) == ["4 short"]


def test_an_event_is_not_lost_to_an_epoch(page: Page) -> None:
    """It waits for its turn; and what is asked for does not wait."""
    _cue(page, 1)
    _cue(page, 2, "event")
    _cue(page, 3)
    page.clock.run_for(4000)
    assert _told(page) == ["1 short", "2 short"]
    page.evaluate("voice.answer('4 in short')")
    assert spoken(page)[-1] == "4 in short"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rate 0.1 to 6.25e-05", "rate 0.1 to 6.25 e minus 5"),
        ("loss 1e+20, best -0.5", "loss 1 e plus 20, best minus 0.5"),
        ("top-5 82% worse", "top-5 82 percent worse"),
    ],
)
def test_numbers_are_said_as_one_says_them(page: Page, text: str, said: str) -> None:
    """No sign is left to a screen reader that may leave it out."""
    assert page.evaluate("text => aloud(text)", text) == said
