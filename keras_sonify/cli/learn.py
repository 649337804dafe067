"""`keras-sonify learn`."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keras_sonify import __version__
from keras_sonify.cli.dialogue import (
    Dialogue,
    Elsewhere,
    Loudspeaker,
    Player,
    QuitError,
)
from keras_sonify.cli.options import bad_file_ends
from keras_sonify.cli.tell import tell

if TYPE_CHECKING:
    from keras_sonify.learn.answers import Answer

_MOST_SEED = 9999  # by default: short enough to be told to somebody else


@click.command(short_help="Learn what training sounds like, and try it on a quiz.")
@click.option("--seed", type=int, help="For the same questions again.")
@click.option(
    "-d", "--directory", help="Write the sounds, to be played by something else."
)
@click.option("--page", metavar="FILE", help="Write all of it as one page instead.")
@click.option(
    "--result",
    metavar="FILE",
    default="learn.json",
    show_default=True,
    help="Where the answers go.",
)
@click.option("--no-feedback", is_flag=True, help="Do not tell what is right.")
def learn(
    seed: int | None,
    directory: str | None,
    page: str | None,
    result: str,
    *,
    no_feedback: bool,
) -> None:
    """Learn what training sounds like: two minutes of examples, then twelve questions.

    The questions are on trainings that nobody has heard. Nothing is timed, all of it
    is done with single keys and Enter, and it may be ended at any time. A result that
    is there already is kept; the new one gets a number.

    \b
    Examples:
      keras-sonify learn
      keras-sonify learn --seed 7
      keras-sonify learn --page learn.html
      keras-sonify learn --directory sounds --no-feedback
    """  # noqa: D301
    if page is not None and directory is not None:
        raise click.UsageError(
            "--page holds its sounds and --directory writes them: choose one."
        )
    seed = random.randint(1, _MOST_SEED) if seed is None else seed  # noqa: S311
    has_feedback = not no_feedback
    if page is not None:
        _write_page(Path(page), seed, has_feedback=has_feedback)
        return
    from keras_sonify.learn.answers import score_lines
    from keras_sonify.learn.lessons import lessons
    from keras_sonify.learn.quiz import quiz

    examples, questions = list(lessons()), quiz(seed)
    player: Player = Loudspeaker()
    if directory is not None:
        with bad_file_ends():
            player = Elsewhere(Path(directory), examples, questions)
    dialogue = Dialogue(player, has_feedback=has_feedback)
    try:
        dialogue.teach(examples)
        dialogue.ask(questions)
    except QuitError:
        tell("Ended.")
    finally:  # also after Ctrl-C, and where the sound is gone
        if answers := dialogue.answers:
            tell(*score_lines(answers))
            _write_result(Path(result), seed, answers, of=len(questions))


def _write_page(path: Path, seed: int, *, has_feedback: bool) -> None:
    from keras_sonify.files.atomic import whole_file
    from keras_sonify.learn.page import learn_page

    html = learn_page(seed, __version__, has_feedback=has_feedback)
    with bad_file_ends():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as part:
            part.write_text(html, encoding="utf-8")
    tell(f"Examples and questions are in {path}: open it in a browser.")


def _write_result(
    path: Path, seed: int, answers: "Sequence[Answer]", *, of: int
) -> None:
    """Write what was answered beside what is there already."""
    from keras_sonify.files.atomic import whole_file
    from keras_sonify.learn.answers import as_data

    free, number = path, 1
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    with bad_file_ends():
        free.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(free) as part:
            data = {"keras_sonify": __version__} | as_data(seed, answers, of=of)
            part.write_text(f"{json.dumps(data, indent=2)}\n", encoding="utf-8")
    tell(f"The answers are in {free}; --seed {seed} asks the same questions again.")
