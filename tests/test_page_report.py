"""The text of a run's page, without a browser: what it says, and how large it is."""

import json
import math
import re
from dataclasses import replace
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
from keras_sonify.training.origin import Origin
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
    rows = re.findall(r'<th scope="row"[^>]*>(\d+)', html)
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
@pytest.mark.parametrize("is_read", [False, True])
def test_it_begins_with_the_verdict(ending: Any, *, is_read: bool) -> None:  # noqa: ANN401
    """Then which run it is, and how it ended, if that is known: never of a mere log."""
    snapshot = snapshot_of(overfitting(3))
    origin = Origin("me/mnist", began=0.0, ended=90.0, is_read=is_read)
    if is_read:
        origin = Origin("run.csv", logged=0.0, is_read=True)
    words = {
        None: "The log ends with epoch 3" if is_read else "Training so far: epoch 3",
        "finished": "Training finished after epoch 3",
        "stopped_early": "Training stopped early after epoch 3",
        "crashed": "Training crashed after epoch 3",
    }[ending]
    is_open = ending is None and not is_read
    verdict = "It still improves" if is_open else "It improved to the end"
    verdict = f"{verdict}: best at epoch 2, validation loss 0.5006."

    html = page_of(
        Snapshot(snapshot.history, 3, snapshot.metrics, ending=ending, origin=origin)
    )

    assert f"<title>{origin.name}: {verdict}</title>" in html
    assert f"<h1>{verdict}</h1>" in html
    assert f'<span id="status">{words}</span>' in html
    (about,) = re.findall(r'<p class="about">(.*?) <span', html)
    day = r"\d+ (January|December) 19(70|69), \d\d:\d\d"
    told = rf"run\.csv, last written on {day}\."
    assert re.fullmatch(told if is_read else rf"me/mnist, {day}, 90 seconds\.", about)


def test_the_best_row_is_marked() -> None:
    """In words at its epoch, and at the value by which the run is judged."""
    html = page_of(snapshot_of(overfitting(20)))

    (row,) = re.findall(r"<tr>(?:(?!</tr>).)* best</th>.*?</tr>", html)
    values = re.findall(r"<td( class=\"best\")?[^>]*>([^<]+)", row)
    assert row.startswith('<tr><th scope="row" class="best">11 best</th>')
    assert [bool(marked) for marked, _ in values] == [False, True, False, False]
    assert _data(html)["best"] == 10


def test_all_metrics_of_the_log_are_in_the_table() -> None:
    """Those that do not sound are said to be so, and how to hear them."""
    run = {**overfitting(3), "mae": [3.0, 2.0, 1.0], "learning_rate": [0.1, 0.1, 0.01]}
    whole = snapshot_of(run)
    html = page_of(replace(whole, metrics=[*map(Metric.named, METRICS)]))

    silent = re.findall(r'<th scope="col">(\w+) <small>not heard', html)
    assert sorted(silent) == ["learning_rate", "mae"]
    assert ">Not heard are: mae. The table of values has them; `--metrics all`" in html
    assert "Not heard" not in page_of(snapshot_of(overfitting(3)))


def test_decimals_lie_under_one_another() -> None:
    """What a number has less of them than the longest takes its room unseen."""
    html = page_of(snapshot_of({"loss": [12.5, 1.0, 0.0625, math.nan]}))

    cells = re.findall(r'<td(?: class="best")?(?: data-pad="(.*?)")?>(.*?)</td>', html)
    assert cells == [
        ("000", "12.5"),
        (".0000", "1"),
        ("", "0.0625"),
        ("", "NaN"),
    ]


def test_nothing_is_said_twice_of_a_point() -> None:
    """What its values tell already is no news."""
    snapshot = snapshot_of({"loss": [math.nan]}, [(0, "loss is NaN"), (0, "so it is")])

    (point,) = _data(page_of(snapshot))["points"]

    assert point["text"] == "Epoch 1 of 1: loss is NaN. so it is"
