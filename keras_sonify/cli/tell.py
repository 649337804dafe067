"""What a command says: a line that cannot be printed costs that line only."""

import io
import sys

import click

from keras_sonify.words.terminal import print_lines

_lost: list[OSError] = []  # why lines could not be printed


def tell(*lines: str, err: bool = False, as_is: bool = False) -> None:
    """Print lines.

    Args:
        lines: What to print; what would steer a terminal is told by its code.
        err: Boolean. Whether they go to the error stream. Defaults to `False`.
        as_is: Boolean. Whether none is broken on a terminal: data. Defaults to
            `False`.
    """
    error = print_lines(lines, sys.stderr if err else sys.stdout, as_is=as_is)
    if error is not None and not err:
        _lost.append(error)


def tell_mistake(error: click.ClickException) -> None:
    """Print what was wrong with a command, or with what it was given."""
    told = io.StringIO()
    error.show(file=told)
    tell(*told.getvalue().removesuffix("\n").split("\n"), err=True)


def told_all() -> bool:
    """Whether all lines could be printed; if not, say why."""
    if _lost:
        tell(f"Error: {_lost[0]}", err=True)
    return not _lost
