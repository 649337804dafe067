"""In marimo a run is shown in the output of its cell, as in Jupyter."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from keras_sonify import Sonifier


class Marimo:
    """The few things of marimo that are used, for a cell that runs."""

    def __init__(self) -> None:
        self.shown: list[Any] = []
        self.output = SimpleNamespace(append=self.shown.append)
        self.ui = SimpleNamespace(anywidget=lambda widget: widget)

    def running_in_notebook(self) -> bool:
        """Say that a notebook runs."""
        return True

    def Html(self, text: str) -> str:  # noqa: N802 - marimo's own name
        """Return what is shown as HTML."""
        return text


def test_the_widget_is_shown_and_a_player_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`player="auto"` is enough; the player says where the sides and the page are."""
    marimo = Marimo()
    monkeypatch.setitem(sys.modules, "marimo", marimo)
    monkeypatch.chdir(tmp_path)
    sonifier = Sonifier(directory="sound")
    sonifier.begin(3)
    for epoch in range(3):
        sonifier.epoch(epoch, {"loss": 1.0 / (epoch + 1), "val_loss": 1.0})
    sonifier.end()

    widget, player = marimo.shown
    assert widget.state["status"] == "Training finished after epoch 3 of 3"
    assert [row["name"] for row in widget.state["latest"]["rows"]] == ["3", "2", "1"]
    assert "<audio controls" in player
    assert "<img" not in player  # the widget has the curves, and stays
    assert "Training is on the left, validation on the right." in player
    assert "it is sound/index.html, too." in player
    assert (tmp_path / "sound" / "index.html").exists()


def test_a_player_without_files() -> None:
    """It tells of `page()` alone, and of one side nothing."""
    from keras_sonify.page.embed import plain_player
    from keras_sonify.score.heard import replay

    sonifier = Sonifier(directory=None, player=None)
    sonifier.epoch(0, {"loss": 1.0})
    assert sonifier._record is not None  # what `page` shows
    run = sonifier._record.snapshot()
    player = plain_player(replay(run, sonifier.settings.hearing()))

    assert "shows the whole page, to step from epoch to epoch.</p>" in player
    assert "on the left" not in player
    assert "<img" in player
