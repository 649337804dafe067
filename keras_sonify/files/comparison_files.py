"""The files of a comparison: its sound, and what it consists of."""

import json
from collections.abc import Sequence
from pathlib import Path

from keras_sonify.files.atomic import whole_file
from keras_sonify.files.sound_file import write_sound
from keras_sonify.files.table import rows_text, table_header
from keras_sonify.page.comparison import comparison_page
from keras_sonify.score.beside import hear_beside
from keras_sonify.score.note import Note
from keras_sonify.score.style import Style
from keras_sonify.training.axis import EPOCHS, STEPS
from keras_sonify.training.comparison import Comparison
from keras_sonify.words.comparison_data import as_data

SOUND = "comparison.wav"
TABLE = "score.csv"
DATA = "comparison.json"
PAGE = "index.html"


def write_comparison(
    directory: Path,
    told: Comparison,
    heard: Sequence[tuple[int, Note]],
    style: Style,
) -> list[str]:
    """Write the files of a comparison, each whole or not at all.

    Args:
        directory: Where they go; it is made with its parents.
        told: What came of it.
        heard: Its notes, each after the number of its run.
        style: How it sounds.

    Returns:
        The names of the files. There is a page where there are curves to show.

    Raises:
        OSError: If one of them could not be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    end = max((note.end for _, note in heard), default=0.0)
    with whole_file(directory / SOUND) as part:
        write_sound(
            part,
            (note for _, note in heard),
            style,
            frames=round(end * style.sample_rate),
            channels=2,
        )
    with whole_file(directory / TABLE) as part:
        part.write_text(_table(heard), encoding="utf-8", newline="")
    with whole_file(directory / DATA) as part:
        part.write_text(json.dumps(as_data(told), indent=2) + "\n", encoding="utf-8")
    beside = hear_beside(told, style)
    if beside is None:
        return [SOUND, TABLE, DATA]
    with whole_file(directory / PAGE) as part:
        part.write_text(comparison_page(told, beside), encoding="utf-8")
    return [SOUND, TABLE, DATA, PAGE]


def _table(heard: Sequence[tuple[int, Note]]) -> str:
    """Return what sounds when: a row a note, as in the table of a run."""
    in_steps = any(note.step is not None for _, note in heard)
    axis = STEPS if in_steps else EPOCHS
    _, *columns = table_header(axis)
    rows = (rows_text(str(number or ""), [note], axis) for number, note in heard)
    return ",".join(["run", *columns]) + "\r\n" + "".join(rows)
