"""Files that appear whole or not at all."""

import contextlib
import os
import re
import secrets
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from keras_sonify.training.foreign import UNSEEN

_STALE = 60.0  # seconds: a part that old has no writer any more
# Windows refuses to replace a file that somebody reads just then, a follower of the log
# or a virus scanner: with these numbers. Seconds to try again, and between two tries.
_IN_USE, _PATIENCE, _LOOK = (5, 32), 1.0, 0.02
_LONGEST = 120  # bytes of a file name before its extension; systems allow 255
# Names that Windows keeps for devices, whatever follows their first dot.
_DEVICE = re.compile(r"^(con|prn|aux|nul|(com|lpt)[\d¹²³])(?=\.|$)", re.IGNORECASE)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Let a file be written beside `path` and put in its place when it is complete.

    If the block raises, what was written is removed and a file that was at `path`
    stays as it was.

    Args:
        path: Where the file shall appear. Its directory must exist.

    Yields:
        The path to write to; there is an empty file.
    """
    # A name that nobody knows: two writers of one directory do not meet, also where
    # both have the same process number, and nobody can have planted a link there.
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield part
        _put_in_place(part, path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _put_in_place(part: Path, path: Path) -> None:
    """Let a file take its place, on Windows as soon as nobody has the old one open."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            part.replace(path)
        except PermissionError as error:
            is_open = getattr(error, "winerror", None) in _IN_USE
            if not is_open or time.monotonic() > end:
                raise
            time.sleep(_LOOK)
        else:
            return


def remove_stale_parts(directory: Path) -> None:
    """Remove what a killed process left half written in `directory`."""
    for part in directory.glob(".*.part"):
        with contextlib.suppress(OSError):
            if time.time() - part.lstat().st_mtime > _STALE:
                part.unlink()


def file_stem(name: str, taken: set[str], encoding: str | None = None) -> str:
    """Return a safe file name, without extension, for a metric of any name.

    Args:
        name: The metric's name; may hold any character.
        taken: Stems in use, in lower case: some file systems know no other. The
            new one is added.
        encoding: What file names are written in; a stem that it cannot write is one
            in ASCII. Defaults to the system's.

    >>> file_stem("precision@k: top/5", {"loss"})
    'precision_k_top_5'
    >>> file_stem("LOSS", {"loss"})
    'LOSS-2'
    >>> file_stem("val_точность_accuracy", set(), "ascii")
    'val_accuracy'
    """
    # One form for letters with accents: some file systems know no other.
    stem = unicodedata.normalize("NFC", UNSEEN.sub("/", name))
    if not _can_write(stem, encoding or sys.getfilesystemencoding()):
        stem = re.sub(r"_*[^\x00-\x7f]+_*", "_", stem)
    stem = re.sub("/+", "_", "".join(char if _is_safe(char) else "/" for char in stem))
    # What begins with a dash is an option to a program, and a formula to a spreadsheet.
    stem = stem.lstrip("._-").encode()[:_LONGEST].decode(errors="ignore")
    stem = _DEVICE.sub(r"\1_", stem.rstrip("._") or "metric")
    unique, count = stem, 1
    while unique.lower() in taken:
        count += 1
        unique = f"{stem}-{count}"
    taken.add(unique.lower())
    return unique


def _can_write(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_safe(char: str) -> bool:
    """Whether it is a letter, with the marks of its script, a digit, or harmless."""
    return char in "_.-" or unicodedata.category(char)[0] in "LMN"
