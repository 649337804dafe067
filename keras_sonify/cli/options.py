"""Options and mistakes that several commands share."""

import contextlib
import os
from collections.abc import Iterator

import click

directory_option = click.option(
    "-d",
    "-o",
    "--directory",
    default="sonification",
    show_default=True,
    help="Where the files go.",
)
style_option = click.option(
    "--style",
    default="clear",
    show_default=True,
    type=click.Choice(["clear", "classic"]),
    help="How it sounds.",
)
no_words_option = click.option(
    "--no-words", is_flag=True, help="Events sound, but no word says which."
)
LOGS = (
    "LOG is a table with a header (Keras's CSVLogger, pandas, Lightning's "
    "metrics.csv), what a training printed (Keras's bars, `epoch 3 loss 0.12`), a "
    "saved History.history as JSON, JSON lines, Hugging Face's trainer_state.json, or "
    "TensorBoard's event files or their directory, the folder of a run of MLflow, or "
    "that into which Lightning or a Hugging Face trainer writes. Which one, its "
    "content tells, not its name."
)
"""What can be read, for the end of a command's help."""

metrics_option = click.option(
    "--metrics",
    metavar="NAME,NAME",
    help="What to sound; all: everything. [default: losses and accuracies]",
)
run_option = click.option(
    "--run",
    default="last",
    show_default=True,
    metavar="last|all|N",
    help="Which run of a log that holds several.",
)


def split_names(names: str | None) -> tuple[str, ...] | None:
    """Return the names of `--metrics`.

    Raises:
        click.UsageError: If there is none in it.
    """
    if names is None:
        return None
    # Where Python takes arguments for ASCII, logs are in UTF-8 all the same.
    with contextlib.suppress(UnicodeError):
        names = os.fsencode(names).decode() if not names.isascii() else names
    split = tuple(name.strip() for name in names.split(",") if name.strip())
    if not split:
        raise click.UsageError(f"--metrics takes names. Received: {names!r}")
    return split


def check_run(run: str) -> str:
    """Return what `--run` was given.

    Raises:
        click.UsageError: If it is not one of the forms.
    """
    if run in ("last", "all") or (run.isdecimal() and int(run) > 0):
        return run.lstrip("0") if run.isdecimal() else run
    raise click.UsageError(f"--run takes last, all or a number from 1. Received: {run}")


@contextlib.contextmanager
def bad_file_ends() -> Iterator[None]:
    """Turn what can be wrong with a log or a directory into a message, exit 1."""
    from keras_sonify.readers import LogError

    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror or error}") from error
    except (LogError, ImportError) as error:
        raise click.ClickException(str(error)) from error
    except MemoryError as error:
        raise click.ClickException("It is too large for this memory.") from error
