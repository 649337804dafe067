"""The lines of a growing log: each one whole and once, whatever becomes of the file."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_sonify.readers.follow import RESTARTED, GrowingFile, follow_stream, poll

BEAT = 0.05
SAFETY = 10.0  # seconds after which a test that would hang fails


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log of the test is, or will be."""
    return tmp_path / "log.csv"


def follow(
    path: Path, *, idle: float = SAFETY, beat: float | None = BEAT
) -> Iterator[list[bytes]]:
    """Follow a file with a beat, by which a test sees that nothing has come."""
    file = GrowingFile(path)
    yield from poll(file.look, idle=idle, beat=beat)
    if file.rest:
        yield [file.rest]


def add(path: Path, text: bytes) -> None:
    """Append to the log, as a training does."""
    with path.open("ab") as file:
        file.write(text)


def test_what_is_there_comes_at_once(path: Path) -> None:
    """The past is one list, so that nobody takes it for news."""
    path.write_bytes(b"epoch,loss\n0,1\n1,2\n")

    assert next(follow(path)) == [b"epoch,loss\n", b"0,1\n", b"1,2\n"]


def test_the_file_may_be_created_later(path: Path) -> None:
    """First there is no past, then the lines come as news."""
    lines = follow(path)

    assert next(lines) == []
    assert next(lines) == []
    path.write_bytes(b"epoch,loss\n")
    assert next(lines) == [b"epoch,loss\n"]


def test_each_new_line_comes_once(path: Path) -> None:
    """What was given out is not given out again."""
    path.write_bytes(b"epoch,loss\n")
    lines = follow(path)
    next(lines)

    for line in (b"0,1\n", b"1,2\n"):
        add(path, line)
        assert next(lines) == [line]
    assert next(lines) == []


def test_half_a_line_waits_for_its_end(path: Path) -> None:
    """A row in the midst of being written is no row yet."""
    path.write_bytes(b"epoch,loss\n0,0.1")
    lines = follow(path)

    assert next(lines) == [b"epoch,loss\n"]
    add(path, b"2")
    assert next(lines) == []
    add(path, b"5\r\n1,")
    assert next(lines) == [b"0,0.125\r\n"]


@pytest.mark.parametrize("new", [b"", b"epoch,loss\n0,5\n"], ids=["empty", "shorter"])
def test_a_file_that_is_cut_off_begins_anew(path: Path, new: bytes) -> None:
    """`CSVLogger` does so when a training starts: what follows is another run."""
    path.write_bytes(b"epoch,loss\n0,1\n1,2\n2,")
    lines = follow(path)
    next(lines)

    path.write_bytes(new)

    assert next(lines) == [RESTARTED, *new.splitlines(keepends=True)]
    add(path, b"1,6\n")
    assert next(lines) == [b"1,6\n"]


def test_another_file_in_its_place_is_read_from_its_start(path: Path) -> None:
    """Rotation, or a copy from elsewhere that was moved over it."""
    path.write_bytes(b"epoch,loss\n0,1\n")
    lines = follow(path)
    next(lines)

    other = path.with_name("other.csv")
    other.write_bytes(b"epoch,loss\n0,1\n1,2\n")
    other.replace(path)

    assert next(lines) == [RESTARTED, b"epoch,loss\n", b"0,1\n", b"1,2\n"]


def test_a_file_that_was_gone_is_read_from_its_start(path: Path) -> None:
    """A file system may give the new file the number of the old one."""
    path.write_bytes(b"epoch,loss\n0,1\n")
    lines = follow(path)
    next(lines)

    path.rename(path.with_name("aside.csv"))
    assert next(lines) == []
    path.with_name("aside.csv").rename(path)

    assert next(lines) == [RESTARTED, b"epoch,loss\n", b"0,1\n"]


def test_it_ends_when_nothing_comes(path: Path) -> None:
    """The last line may have no end; it comes when it can no longer be half of one."""
    path.write_bytes(b"epoch,loss\n0,1")
    begun = time.monotonic()

    lines = list(follow(path, idle=0.2, beat=None))

    assert lines == [[b"epoch,loss\n"], [b"0,1"]]
    assert 0.2 <= time.monotonic() - begun < 2.0


@pytest.mark.slow
def test_what_comes_defers_the_end(path: Path) -> None:
    """Idle is who has been so since the last line, not since the beginning."""
    path.write_bytes(b"epoch,loss\n")
    lines = follow(path, idle=0.4, beat=None)
    next(lines)

    for _ in range(3):
        time.sleep(0.25)
        add(path, b"0,1\n")
        assert next(lines) == [b"0,1\n"]
    assert list(lines) == []


def test_a_directory_is_an_error(tmp_path: Path) -> None:
    """What can never become a log is told, not waited for."""
    with pytest.raises(IsADirectoryError):
        next(follow(tmp_path))


def test_a_pipe_gives_its_lines_as_they_come() -> None:
    """Whole lines at once, halves when they are whole, the rest at its end."""
    read, write = os.pipe()
    with open(read, "rb") as stream:  # noqa: PTH123 - a descriptor is no Path
        lines = follow_stream(stream, idle=SAFETY, beat=BEAT)

        os.write(write, b"epoch,loss\n0,1\n1,")
        assert next(lines) == [b"epoch,loss\n", b"0,1\n"]
        assert next(lines) == []
        os.write(write, b"2\n2,3")
        assert next(lines) == [b"1,2\n"]
        os.close(write)
        assert list(lines) == [[b"2,3"]]


def test_a_pipe_that_is_silent_ends_as_well() -> None:
    """Whoever writes to it may hang."""
    read, write = os.pipe()
    os.write(write, b"0,1\n1")

    with open(read, "rb") as stream:  # noqa: PTH123 - a descriptor is no Path
        lines = list(follow_stream(stream, idle=0.2))

    assert lines == [[b"0,1\n"], [b"1"]]
    os.close(write)
