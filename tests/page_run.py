"""Runs that have a page, and a hand on its controls, for tests of `index.html`."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from blind_listener import Pitch, to_cents
from happenings import Column
from table import Row

from keras_sonify import Sonifier
from keras_sonify.page.curves import curves
from keras_sonify.page.report import RunPage
from keras_sonify.score.heard import replay
from keras_sonify.score.hearing import Hearing
from keras_sonify.score.style import CLEAR, Style
from keras_sonify.training.events import Event
from keras_sonify.training.history import History
from keras_sonify.training.metrics import Metric
from keras_sonify.training.record import Snapshot

Columns = Mapping[str, Column]


METRICS = ("loss", "val_loss", "accuracy", "val_accuracy")
HOSTILE = (
    "<img src=x onerror=\"document.title='pwned'\">",
    "</script><script>document.title='pwned'</script>",
    '"><b>bold',
    "x" * 300,
    "quotes ' \" and a back\\slash",
    "ünï⅝ 名前 😀",
    "new\nline",
    "turned \u202e round",
    "{title} &amp; __proto__",
)
"""What a metric may be called by somebody who means no good."""


def overfitting(epochs: int) -> dict[str, list[float]]:
    """Return a run that overfits: no two epochs of a metric sound the same."""
    shares = [k / max(epochs - 1, 1) for k in range(epochs)]
    return {
        "loss": [2.0 * 0.05**share for share in shares],
        "val_loss": [0.5 + 6.0 * (share - 0.51) ** 2 for share in shares],
        "accuracy": [0.2 + 0.79 * share for share in shares],
        "val_accuracy": [0.15 + 0.7 * math.sqrt(share) for share in shares],
    }


def rows_of(columns: Columns) -> Iterator[dict[str, float]]:
    """Yield what Keras would hand to a callback, epoch by epoch."""
    for values in zip(*columns.values(), strict=True):
        pairs = zip(columns, values, strict=True)
        yield {name: value for name, value in pairs if value is not None}


def snapshot_of(columns: Columns, happened: Sequence[tuple[int, str]] = ()) -> Snapshot:
    """Return a run that has finished.

    Args:
        columns: Its metrics.
        happened: Places of epochs, each with what happened there. Defaults to `()`.
    """
    history = History()
    for epoch, values in enumerate(rows_of(columns)):
        history.append(epoch, values)
    events = tuple(
        (place, Event(kind="plateau", epoch=place, text=text))
        for place, text in happened
    )
    metrics = tuple(Metric.named(name) for name in columns)
    return Snapshot(history, len(history), metrics, events, events, "finished")


def until_epoch(snapshot: Snapshot, count: int) -> Snapshot:
    """Return what was known of a run when it had so many epochs."""
    events = tuple(pair for pair in snapshot.sounded if pair[0] < count)
    return Snapshot(snapshot.history, count, snapshot.metrics, events, events)


def page_of(
    snapshot: Snapshot, page: RunPage | None = None, style: Style = CLEAR
) -> str:
    """Return the page of a run: anew, or by one that has made it before."""
    hearing = Hearing(style=style)
    return (page or RunPage(hearing)).html(replay(snapshot, hearing))


def drawn(snapshot: Snapshot, style: Style = CLEAR) -> Element:
    """Return the picture of a run, which must be well-formed XML."""
    heard = replay(snapshot, Hearing(style=style))
    return fromstring(curves(heard))  # noqa: S314 - our own picture


def classed(picture: Element, name: str) -> list[Element]:
    """Return the parts of a picture that are of a class."""
    return [part for part in picture.iter() if name in part.get("class", "").split()]


def make_run(directory: Path, columns: Columns, **settings: Any) -> str:  # noqa: ANN401
    """Write the files of a run, and return the address of its page."""
    sonifier = Sonifier(directory=directory, player=None, **settings)
    for epoch, values in enumerate(rows_of(columns)):
        sonifier.epoch(epoch, values)
    sonifier.end()
    assert sonifier.file_trouble is None
    return (directory / "index.html").as_uri()


def make_page(path: Path, columns: Columns, **settings: Any) -> str:  # noqa: ANN401
    """Write the page of a run without its WAV files, and return its address."""
    sonifier = Sonifier(directory=None, player=None, **settings)
    for epoch, values in enumerate(rows_of(columns)):
        sonifier.epoch(epoch, values)
    sonifier.end()
    path.write_text(sonifier.page().html, encoding="utf-8")
    return path.as_uri()


def pitch_error(heard: Sequence[Pitch], rows: Sequence[Row]) -> float:
    """Return the largest error in cents; infinite if it is not these tones at all."""
    if len(heard) != len(rows):
        return math.inf
    meant = [to_cents(row.frequency_hz) for row in rows]
    return max(
        math.inf if pitch is None or math.isnan(pitch) else abs(pitch - truth)
        for pitch, truth in zip(heard, meant, strict=True)
    )


def gaps(values: Sequence[float]) -> list[float]:
    """Return how far values are apart."""
    return [after - before for before, after in itertools.pairwise(values)]
