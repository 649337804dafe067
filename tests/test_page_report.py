"""The text of a run's page, without a browser: what it says, and how large it is."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from page_run import (
    HOSTILE,
    METRICS,
    overfitting,
    page_of,
    rows_of,
    snapshot_of,
    until_epoch,
)

from keras_sonify import Sonifier
from keras_sonify.page.report import RunPage
from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.hearing import Hearing
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot

_MB = 1_000_000


def _data(html: str) -> Any:  # noqa: ANN401
    """Return what the page's script is given."""
    (found,) = re.findall(
        r'<script type="application/json" id="run">(.*?)</script>', html
    )
    return json.loads(found)


def test_a_page_that_grew_is_the_page_made_at_once() -> None:
    """However often it was made before, the page of a run is the same to the byte."""
    snapshot = snapshot_of(overfitting(130), [(3, "happened"), (127, "happened")])
    growing = RunPage(Hearing())
    for count in (1, 2, 60, 130):
        grown = page_of(until_epoch(snapshot, count), growing)

    assert grown == page_of(until_epoch(snapshot, 130))
    assert page_of(snapshot, growing) == page_of(snapshot) != grown  # it has ended


def test_the_file_is_the_page_that_a_notebook_shows(tmp_path: Path) -> None:
    """Written in rounds while the run goes on, it is the same as made at its end."""
    sonifier = Sonifier(directory=tmp_path, player=None)
    for epoch, values in enumerate(rows_of(overfitting(30))):
        sonifier.epoch(epoch, values)
    sonifier.end()

    written = (tmp_path / "index.html").read_text(encoding="utf-8")

    assert written == sonifier.page().html


@pytest.mark.parametrize(
    ("epochs", "metrics", "most"),
    [(1, 4, 0.1), (50, 4, 3.0), (100, 4, 5.0), (50, 20, 7.0), (100, 20, 10.0)],
)
def test_a_page_can_be_mailed(epochs: int, metrics: int, most: float) -> None:
    """Its size is bounded, in megabytes: 50 epochs of four metrics make 2."""
    run = overfitting(epochs)
    copies = {
        f"val_part_{k}_{name.removeprefix('val_')}"
        if name.startswith("val_")
        else f"part_{k}_{name}": run[name]
        for k in range(metrics // 4)
        for name in METRICS
    }

    size = len(page_of(snapshot_of(copies)).encode())

    assert size < most * _MB


def test_a_long_run_has_no_large_page() -> None:
    """Ten thousand epochs of four metrics, with things happening, stay below 5 MB."""
    happened = [(place, "happened") for place in range(5, 10_000, 40)]

    size = len(page_of(snapshot_of(overfitting(10_000), happened)).encode())

    assert size < 5 * _MB


def test_epochs_are_told_as_they_were_counted() -> None:
    """A training that was resumed at epoch 11 tells of epochs 11 to 15 of 15."""
    history = History()
    for epoch, values in enumerate(rows_of(overfitting(5)), start=10):
        history.append(epoch, values)
    html = page_of(Snapshot(history, 5, tuple(map(Metric.named, METRICS))))

    lines = [point["text"] for point in _data(html)["points"]]

    assert [line.partition(":")[0] for line in lines] == [
        f"Epoch {epoch} of 15" for epoch in range(11, 16)
    ]
    rows = re.findall(r'<th scope="row">(\d+)</th>', html)
    assert [int(row) for row in rows] == list(range(11, 16))


def test_it_says_what_it_leaves_out() -> None:
    """A page that holds some epochs only says so, and where the others are."""
    long, short = (page_of(snapshot_of({"loss": [1.0] * count})) for count in (500, 90))

    assert "Of 500 epochs this page holds" in long
    assert "score.csv and the WAV files hold all" in long
    assert "this page holds" not in short


def test_sides_are_told_where_there_are_two() -> None:
    """Left and right are spoken of only where they are heard."""
    both, one = snapshot_of(overfitting(3)), snapshot_of({"loss": [1.0, 0.5]})

    assert "Training is on the left" in page_of(both)
    assert "Training is on the left" not in page_of(one)
    assert "Training is on the left" not in page_of(both, style=CLASSIC)


def test_names_cannot_leave_their_place() -> None:
    """No name ends the element or the attribute in which it stands."""
    html = page_of(snapshot_of({name: [2.0, 1.0] for name in HOSTILE}))

    assert html.count("<script") == html.count("</script>")
    assert "<img" not in html
    assert "<b>" not in html
    assert "\u202e" not in html
    for name in HOSTILE[:5]:
        assert f"{name} began at 2 and ended at 1." in unescape(html)


@pytest.mark.parametrize("ending", [None, "finished", "stopped_early", "crashed"])
def test_the_title_tells_how_it_ended(ending: Any) -> None:  # noqa: ANN401
    """A page of a run under way, or of one that was killed, says that it is a part."""
    snapshot = snapshot_of(overfitting(3))
    words = {
        None: "Training so far: epoch 3",
        "finished": "Training finished after epoch 3",
        "stopped_early": "Training stopped early after epoch 3",
        "crashed": "Training crashed after epoch 3",
    }[ending]

    html = page_of(Snapshot(snapshot.history, 3, snapshot.metrics, ending=ending))

    assert f"<title>{words}</title>" in html
    assert f"<h1>{words}</h1>" in html
