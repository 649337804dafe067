"""How many metrics a log may hold, and how long their names may be.

Files, pages and sentences grow with names times epochs. Nobody hears a thousand
metrics: a log that holds more is damaged, or made to do harm.
"""

from keras_sonify.readers.rows import Row, StepRow, Warn, window_of

_MOST_NAMES = 1000
_LONGEST_NAME = 1000  # characters


class Names:
    """Leaves out of rows what goes beyond, and tells of it once.

    Args:
        log: What to call the log in messages.
        warn: Function that is given each warning.
    """

    def __init__(self, log: str, warn: Warn) -> None:
        self._log = log
        self._warn = warn
        self._known: set[str] = set()
        self._told: set[str] = set()

    def within(self, row: Row) -> Row:
        """Return a row without the metrics that are too many, or named too long."""
        at, values = row
        if values.keys() <= self._known:
            return row
        known = {name: v for name, v in values.items() if self._is_known(name)}
        window = window_of(row)
        return (at, known) if window is None else StepRow(at, known, window)

    def _is_known(self, name: str) -> bool:
        if name in self._known:
            return True
        if len(name) > _LONGEST_NAME:
            self._tell(
                f"the name of a metric is longer than {_LONGEST_NAME} characters; "
                "it was left out."
            )
            return False
        if len(self._known) >= _MOST_NAMES:
            self._tell(f"more than {_MOST_NAMES} metrics; the others were left out.")
            return False
        self._known.add(name)
        return True

    def _tell(self, what: str) -> None:
        if what not in self._told:
            self._told.add(what)
            self._warn(f"{self._log}: {what}")
