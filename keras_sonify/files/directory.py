"""Where a run's files go."""

import contextlib
import glob
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from keras_sonify.training.record import LOG

_FORMS = {"{run}": r"\d+", "{time}": r"[^/\\]*\D[^/\\]*"}
_PLACES = re.compile(f"({'|'.join(map(re.escape, _FORMS))})")


class RunDirectory:
    """The directory of one run.

    It is fixed when it is made, wherever the program changes to later, and made on
    disk when it is first needed, again if somebody has taken it away.

    Args:
        template: Path. `{time}` becomes the local time, `{run}` the first number
            from 1 whose directory does not exist yet, so that runs do not overwrite
            one another.

    Attributes:
        path: Where it is; `None` until it is known and made.
        base: What the template names without anything that is to be filled in.
    """

    def __init__(self, template: str) -> None:
        path = os.path.expanduser(template)  # noqa: PTH111 - still a template, no path
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - the same
        self.base = next(p for p in (whole, *whole.parents) if not _is_template(p))
        self._pattern = str(whole)
        path = path.replace("{time}", time.strftime("%Y-%m-%d_%H-%M-%S"))
        self._template = os.path.abspath(path)  # noqa: PTH100 - the same
        self._lock = threading.Lock()
        self.path: Path | None = None

    @property
    def newest(self) -> Path | None:
        """Where the run before this one was; `None` if there was none."""
        path = Path(self._template)
        if "{run}" in self._template:
            path = self._numbered(self._first_free() - 1)
        return path if path.is_dir() else None

    @property
    def last(self) -> Path | None:
        """Where the newest run is that the template names; `None` if there is none.

        By its number or its time: files may have been touched since.
        """
        named = {path: _order(path, self._pattern) for path in self._named()}
        runs = [
            path
            for path, order in named.items()
            if order is not None and (path / LOG).is_file()
        ]
        return max(runs, key=lambda path: named[path] or (), default=None)

    def _named(self) -> Iterator[Path]:
        """Yield what may be a directory that the template names."""
        parts = Path(self._pattern).relative_to(self.base).parts
        if not parts:
            yield self.base
            return
        patterns = (_PLACES.sub("*", glob.escape(part)) for part in parts)
        yield from self.base.glob(str(Path(*patterns)))

    def beside(self) -> list[tuple[int, Path]]:
        """Return the runs that `{run}` keeps apart from this one, by their numbers."""
        if "{run}" not in self._template:
            return []
        runs = ((run, self._numbered(run)) for run in range(1, self._first_free()))
        return [(run, path) for run, path in runs if path != self.path]

    def go_on_in(self, path: Path) -> None:
        """Use a directory that is there: the run goes on that was kept in it."""
        self.path = path

    def make(self) -> Path:
        """Return the directory, with its parents; where it has gone it is made again.

        Raises:
            OSError: If it cannot be made.
        """
        with self._lock:
            if self.path is None:
                self.path = self._claim()
            else:
                self.path.mkdir(parents=True, exist_ok=True)
            return self.path

    def _claim(self) -> Path:
        if "{run}" not in self._template:
            path = Path(self._template)
            path.mkdir(parents=True, exist_ok=True)
            return path
        while True:
            numbered = self._numbered(self._first_free())
            numbered.parent.mkdir(parents=True, exist_ok=True)
            # Another run may be quicker.
            with contextlib.suppress(FileExistsError):
                numbered.mkdir()
                return numbered

    def _first_free(self) -> int:
        run = 1
        while os.path.lexists(self._numbered(run)):
            run += 1
        return run

    def _numbered(self, run: int) -> Path:
        return Path(self._template.replace("{run}", str(run)))


def _order(path: Path, pattern: str) -> tuple[int | str, ...] | None:
    """Return what a path has where its template has places; `None` if it is another."""
    forms = (
        f"({_FORMS[part]})" if part in _FORMS else re.escape(part)
        for part in _PLACES.split(pattern)
    )
    found = re.fullmatch("".join(forms), str(path))
    if found is None:
        return None
    return tuple(int(text) if text.isdecimal() else text for text in found.groups())


def _is_template(path: Path) -> bool:
    return "{run}" in str(path) or "{time}" in str(path)
