"""The columns of a table: what its header, and its first row, tell of them."""

from collections.abc import Callable, Collection, Sequence

from keras_sonify.readers.cells import ABSENT
from keras_sonify.readers.exports import (
    TENSORBOARD,
    counts_epochs,
    metric_of_file,
    trainings_in_rows,
)
from keras_sonify.readers.header import (
    EPOCHS,
    SPACE,
    is_as_wide,
    separator_of,
    split_row,
)
from keras_sonify.readers.long_form import LongForm, long_form
from keras_sonify.readers.rows import LogError, metric_names, read_number
from keras_sonify.readers.step_names import (
    base_names,
    find_epoch,
    find_step,
    is_of_epoch,
    is_summary,
)
from keras_sonify.training.foreign import from_cell


class Columns:
    """What the columns of a table hold.

    Args:
        header: The line with their names.
        file: Name of the file, which may name the metric.
        tell: Function that is given what is to be told of the header.
        finds_steps: Boolean. Whether a column may tell steps. Defaults to `True`.

    Attributes:
        separator: What parts them.
        names: For each the metric in it; `None` if it holds none.
        epoch: Place of the column of epochs; `None` if there is none.
        step: Place of the column of steps; `None` if there is none.
        means: The places of what is told of epochs as a whole, where steps are, too.
        summary: Place of a column that only what is told of a whole training has.
        long: How rows say themselves what they hold; `None` if the header says it.
    """

    def __init__(
        self,
        header: str,
        file: str,
        tell: Callable[[str], None],
        *,
        finds_steps: bool = True,
    ) -> None:
        self.separator = separator_of(header)
        cells = [from_cell(cell.strip()) for cell in split_row(header, self.separator)]
        _tell_apart(cells, tell)
        lower = [cell.lower() for cell in cells]
        named = next((place for place, c in enumerate(lower) if c in EPOCHS), None)
        # pandas writes its index into a first column without a name.
        self.epoch = 0 if named is None and cells[0] == "" else named
        self.step: int | None = None
        self.means: frozenset[int] = frozenset()
        self.summary: int | None = None
        self.long: LongForm | None = None
        self._finds_steps = finds_steps
        self._header = cells
        self._has_rows = False
        if lower == TENSORBOARD:
            cells = ["", "" if counts_epochs(file) else "step", metric_of_file(file)]
        self.names = self._names_of(cells)
        # What a header that comes again has.
        self._known = EPOCHS.union(filter(None, self.names))
        self._tests = {
            name
            for name, cell in zip(self.names, cells, strict=True)
            if name and cell.lower().startswith("test")
        }

    def _names_of(self, cells: list[str]) -> list[str | None]:
        """Return the metric in each column, and learn which tell places."""
        bases: list[str | None] = [cell or None for cell in cells]
        step = find_step(tuple(cells)) if self._finds_steps else None
        if step is not None:
            self.step = cells.index(step)
            epoch = find_epoch(tuple(cells))
            self.epoch = cells.index(epoch) if epoch else None
            places = range(len(cells))
            self.means = frozenset(at for at in places if is_of_epoch(cells[at]))
            self.summary = next(filter(lambda at: is_summary(cells[at]), places), None)
            bases = [base or None for base in base_names(cells)]
        if self.epoch is not None:
            bases[self.epoch] = None
        metrics = metric_names(dict.fromkeys(filter(None, bases)))
        return [metrics[base] if base else None for base in bases]

    @property
    def header(self) -> tuple[str, ...]:
        """Their names, as they are written."""
        return tuple(self._header)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.names)

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a later line is a header again: it has names where numbers belong."""
        if cells and read_number(cells[0]) is not None:
            return False
        texts = [from_cell(cell.strip()) for cell in cells]
        return all(
            text not in ABSENT and read_number(text) is None for text in texts
        ) and any(name in self._known for name in metric_names(texts).values())

    def fit(self, cells: list[str]) -> bool:
        """Make a row as wide as the header, where no cell is lost or made up so."""
        if self.separator == SPACE and len(cells) == len(self) + 1:
            if self._has_rows or self.epoch is not None:
                return False
            # pandas prints its index, too.
            self.names.insert(0, None)
            self._header.insert(0, "")
            if self.step is None:
                self.epoch = 0
            else:
                self.step += 1
                self.means = frozenset(place + 1 for place in self.means)
            return True
        if not is_as_wide(cells, self.names):
            return False
        cells += [""] * (len(self) - len(cells))
        del cells[len(self) :]
        return True

    def learn(self, row: Sequence[str]) -> None:
        """Learn from the first row what the header alone does not tell.

        Raises:
            LogError: If the rows are no epochs; without the name of the log.
        """
        if self._has_rows:
            return
        self._has_rows = True
        is_by_epoch = EPOCHS.intersection(map(str.lower, self._header))
        if not is_by_epoch and (told := trainings_in_rows(self._header, row)):
            raise LogError(told)
        self.long = long_form(self._header, row)
        for place in self.long.places if self.long else ():
            self.names[place] = None

    def are_of_a_test(self, names: Collection[str]) -> bool:
        """Whether these metrics were not measured while the others were."""
        if not self._tests or not names or not self._tests.issuperset(names):
            return False
        return any(name and name not in self._tests for name in self.names)


def _tell_apart(cells: list[str], tell: Callable[[str], None]) -> None:
    """Give a name that comes again a number, as pandas does."""
    counts: dict[str, int] = {}
    twins = 0
    for place, cell in enumerate(cells):
        if count := counts.get(cell, 0) if cell else 0:
            cells[place] = f"{cell}.{count}"
            twins += 1
            if twins == 1:
                tell(
                    f"two columns are called {cell}; the second is read as "
                    f"{cells[place]}."
                )
        for name in {cell, cells[place]}:
            counts[name] = counts.get(name, 0) + 1
    if twins > 1:
        tell(f"{twins} such columns in all.")
