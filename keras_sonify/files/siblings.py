"""The runs of one search, each in a directory of its own: how the earlier ones did."""

from typing import NamedTuple

from keras_sonify.files.directory import RunDirectory
from keras_sonify.files.past import read_about
from keras_sonify.files.skim import skim
from keras_sonify.training.record import LOG

_MOST = 1000  # runs that are looked at: the newest ones


class Sibling(NamedTuple):
    """Another run of a search.

    Attributes:
        number: Which one.
        value: Its best value.
    """

    number: int
    value: float


def siblings(directory: RunDirectory, metric: str) -> list[Sibling]:
    """Return the runs that lie beside one, as `{run}` keeps them apart.

    Args:
        directory: That of the run.
        metric: The metric whose best values are wanted.
    """
    found: list[Sibling] = []
    for number, path in directory.beside()[-_MOST:]:
        try:
            read = skim(path / LOG, read_about(path))
        except OSError:
            continue
        if read and read.best and read.best[0] == metric:
            found.append(Sibling(number, read.best[2]))
    return found
