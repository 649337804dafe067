"""The text of the page of a run in steps."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from page_run import gaps, page_of
from step_run import in_steps, snapshot_in_steps

from keras_sonify.page.report import RunPage
from keras_sonify.page.state import state_of
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing

_VALIDATION = {500 * k: 1.9 + 0.8 / k for k in range(1, 7)}


@pytest.fixture(scope="module")
def html() -> str:
    """The page of 3000 steps, with a spike, validation and an event."""
    history = in_steps(3000, spikes={1234: 7.3}, validation=_VALIDATION)
    return page_of(snapshot_in_steps(history, {1233: "loss 7.3 stands far out"}))


def _data(html: str) -> Any:  # noqa: ANN401
    (found,) = re.findall(
        r'<script type="application/json" id="run">(.*?)</script>', html
    )
    return json.loads(found)


def test_it_speaks_of_steps(html: str) -> None:
    """Its title, its controls, its table and its legend."""
    assert (
        "<title>It improved to the end: best at step 3000, validation loss 2.033.<"
        in html
    )
    for part in (
        ">Training finished after step 3000 of 3000, epoch 3 of 3<",
        '<label class="wide">Step <input',
        ">Next step</button>",
        ">Last step</button>",
        ">Next event</button>",
        '<th scope="col">step</th>',
        "A diamond: a spike.",
        "<p>200 windows of about 15 steps sound",
    ):
        assert part in html
    shown = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)
    assert not re.search(r"(First|Previous|Next|Last) epoch|Epoch <", shown)


def test_its_points_are_windows_by_their_last_step(html: str) -> None:
    """Told as they were live; the spike in its own; each at its middle."""
    data = _data(html)

    points = {point["text"].partition(",")[0]: point for point in data["points"]}
    first, spike = points["Step 15 of 3000"], points["Step 1245 of 3000"]
    assert first["place"] == 7
    assert first["text"].startswith("Step 15 of 3000, epoch 1 of 3: loss ")
    assert spike["text"].endswith(", spike 7.3. loss 7.3 stands far out")
    assert (data["unit"], data["length"]) == ("step", 3000)
    edges = {track["label"]: track["edges"] for track in data["tracks"]}
    assert edges["loss"][0] == edges["Whole run"][0] == 0
    assert edges["loss"][-1] == edges["Whole run"][-1] == 3000
    assert len(edges["Whole run"]) == 44  # of 43 windows, in seven seconds
    assert max(gaps(edges["Whole run"])) - min(gaps(edges["Whole run"])) <= 2
    (event,) = data["events"]
    assert event["place"] == spike["place"]
    assert event["text"] == "Step 1234: loss 7.3 stands far out"


def test_it_stays_small(html: str) -> None:
    """Two megabytes for as many steps as there may be."""
    assert len(html.encode()) < 2_000_000


def test_a_page_that_grew_in_steps_is_the_page_made_at_once() -> None:
    """Windows change as a run grows; no old cue stays."""
    growing, whole = RunPage(Hearing()), snapshot_in_steps(in_steps(400))
    for count in (15, 90, 400):
        grown = page_of(replace(whole, count=count), growing)

    assert grown == page_of(whole)


def test_the_state_of_a_live_page_is_in_steps() -> None:
    """What it counts, how many, and how far it is."""
    snapshot = snapshot_in_steps(in_steps(300, every=10))

    state = state_of(replay(snapshot, Hearing()), [], most_events=9)

    assert (state["unit"], state["length"]) == ("step", 3000)
    assert state["status"] == "Training finished after step 3000 of 3000, epoch 3 of 3"
