"""What was left out of a log: the first of a kind is told, the others counted."""

from keras_sonify.readers.rows import Warn


class LeftOut:
    """What was left out of a log, by the reason.

    Args:
        name: What to call the log in messages.
        warn: Function that is given each warning.
    """

    def __init__(self, name: str, warn: Warn) -> None:
        self._name = name
        self._warn = warn
        self._counts: dict[str, int] = {}

    def add(self, line: int, problem: str, cell: str = "") -> None:
        """Count a line, or a part of it; tell of the first of a kind.

        Args:
            line: Its number.
            problem: Why it is left out.
            cell: What it holds, where that helps to find it. Defaults to `""`.
        """
        count = self._counts[problem] = self._counts.get(problem, 0) + 1
        if count == 1:
            self._warn(f"{self._name}, line {line}: {problem}{cell}; it was left out.")

    def sum_up(self) -> None:
        """Tell how much was left out in all."""
        for problem, count in self._counts.items():
            if count > 1:
                self._warn(
                    f"{self._name}: {count} such lines in all ({problem}); "
                    "they were left out.",
                )
