"""The latest points of a run, as a live page lists them."""

from keras_sonify import Sonifier
from keras_sonify.page.latest import Latest, Table
from keras_sonify.score.cue import Cue
from keras_sonify.testing import RecordingOutput


def _cues(rows: list[dict[str, float]]) -> list[Cue]:
    output = RecordingOutput()
    sonifier = Sonifier(directory=None, player=output)
    for epoch, values in enumerate(rows):
        sonifier.epoch(epoch, values)
    return [cue for cue, _, _ in output.epochs]


def _table(*rows: dict[str, float]) -> Table:
    latest = Latest()
    for cue in _cues(list(rows)):
        latest.note(cue)
    return latest.table()


def test_a_row_an_epoch() -> None:
    """The newest first, decimals below each other, the best ones marked as such."""
    table = _table(
        {"loss": 1.0, "accuracy": 0.5},
        {"loss": 0.75, "accuracy": 0.4},
        {"loss": float("nan"), "accuracy": 0.625},
    )

    assert table["names"] == ["loss", "accuracy"]
    assert [row["name"] for row in table["rows"]] == ["3", "2", "1"]
    assert [[cell["text"] for cell in row["cells"]] for row in table["rows"]] == [
        ["NaN", "0.625"],
        ["0.75", "0.400"],
        ["1.00", "0.500"],
    ]
    assert [[cell["best"] for cell in row["cells"]] for row in table["rows"]] == [
        [False, True],
        [True, False],
        [False, False],
    ]
    assert [row["news"] for row in table["rows"]] == ["not a number", "", ""]


def test_what_is_not_there_is_empty() -> None:
    """Validation every other epoch leaves its cell empty; twelve are kept."""
    rows = [
        {"loss": 1.0 / n} | ({"val_loss": 2.0} if n % 2 else {}) for n in range(1, 20)
    ]
    table = _table(*rows)

    assert len(table["rows"]) == 12
    assert [row["cells"][1]["text"] for row in table["rows"]] == 6 * ["2", ""]
