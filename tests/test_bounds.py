"""Whatever a log holds, reading it takes memory and time in step with its size."""

import io
import os
import subprocess
import sys
import threading
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_sonify import read_log
from keras_sonify.readers import LogError
from keras_sonify.readers.follow import follow_stream
from keras_sonify.readers.line_log import LineLog
from keras_sonify.readers.lines import LONGEST_LINE, OVERLONG, Lines
from keras_sonify.readers.text import TextLines

BLOCK = 2**20
TABLE = b"epoch,loss\n0,0.5\n"


@given(st.lists(st.sampled_from([b"", b"a", b"\n", b"b\nc", b"\n\n", b"d\n"])))
def test_lines_are_whole_however_they_come(blocks: list[bytes]) -> None:
    """Each once, with its end; what has no end yet is the rest."""
    lines = Lines()

    cut = [line for block in blocks for line in lines.feed(block)]

    assert cut == [line for line in b"".join(blocks).splitlines(True) if b"\n" in line]  # noqa: FBT003
    assert b"".join([*cut, lines.rest]) == b"".join(blocks)


def test_a_line_without_end_is_told_at_once_and_forgotten() -> None:
    """It is not kept, nor told again; what comes after its end is a line."""
    lines, block = Lines(), b"1" * BLOCK
    told = []

    for _ in range(LONGEST_LINE // BLOCK + 9):
        told += lines.feed(block)

    assert told == [OVERLONG]
    assert told[0] is OVERLONG
    assert lines.rest == b""
    assert lines.feed(b"1\n2\n3") == [b"2\n"]
    assert lines.rest == b"3"


def test_a_long_line_takes_time_in_step_with_its_length() -> None:
    """Four times the length, four times the time; not sixteen times."""

    def seconds(count: int) -> float:
        lines, block = Lines(), b"1" * 1000
        begun = time.process_time()
        for _ in range(count):
            lines.feed(block)
        return time.process_time() - begun

    short, long = (min(seconds(count) for _ in range(3)) for count in (5000, 20_000))

    assert long < 10 * short


@pytest.mark.slow
@pytest.mark.parametrize("is_text", [False, True])
def test_a_line_that_is_too_long_is_left_out(is_text: bool) -> None:
    """In one sentence; all other rows are read, and the next such line is not told."""
    content = b"%s%s\n1,0.25\n%s\n2,0.125\n" % (TABLE, *[b"2" * (LONGEST_LINE + 9)] * 2)
    file = io.StringIO(content.decode()) if is_text else io.BytesIO(content)
    warned: list[str] = []

    rows = list(read_log(file, warn=warned.append))

    assert [values["loss"] for _, values in rows] == [0.5, 0.25, 0.125]
    assert warned == ["the log: a line longer than 64 megabytes; it was left out."]


def test_what_begins_with_such_a_line_is_no_log() -> None:
    """Nothing is waited for: it is told, and the command ends."""
    with pytest.raises(LogError, match=r"^x is no log: it begins with a line longer"):
        LineLog("x", print).feed(OVERLONG)


def test_a_pipe_with_no_end_of_a_line_ends_when_idle() -> None:
    """Something comes all the time, but no line: that is idle."""
    read, write = os.pipe()

    def pour() -> None:
        with open(write, "wb", buffering=0) as pipe:  # noqa: PTH123 - a descriptor
            try:
                while True:
                    pipe.write(b"1" * 1000)
            except BrokenPipeError:
                return

    pouring = threading.Thread(target=pour)
    with open(read, "rb") as stream:  # noqa: PTH123 - a descriptor is no Path
        pouring.start()
        came = follow_stream(stream, idle=0.2, beat=0.05)
        lists = [lines for lines in came if lines != [OVERLONG]]
    pouring.join()

    assert [] in lists  # the beat goes on
    assert all(line.startswith(b"1") for lines in lists for line in lines)


def test_what_does_not_fit_into_memory_is_told(tmp_path: Path) -> None:
    """In a sentence, and status 1."""
    (tmp_path / "log.json").write_text(f"[{'[],' * 2_000_000}[]]")
    code = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (150_000_000, 150_000_000))
from keras_sonify.cli import main
sys.argv = ["keras-sonify", "describe", "log.json"]
main()
"""

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: It is too large for this memory.\n"


@pytest.mark.slow
@pytest.mark.parametrize("mark", ["\r", "\b", "x\r", "\r1/2 [=>..] - loss: 0.5"])
def test_a_bar_that_is_drawn_for_ever_is_not_kept(mark: str) -> None:
    """A million drawings without the end of a line take no memory, and no time."""
    piece, log = (mark * BLOCK)[:BLOCK], LineLog("x", print)
    log.feed("Epoch 1/2\n1/2 [==>...] - loss: 0.5\n")
    log.feed(piece)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()

    for _ in range(4):
        log.feed(piece)

    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept - before < BLOCK // 2


@pytest.mark.parametrize("piece", ["1" * BLOCK, b"1" * BLOCK, "\x1b[A" * (BLOCK // 3)])
def test_what_has_no_end_is_told_once_and_forgotten(piece: str | bytes) -> None:
    """Whoever opened the log; after its end lines are read again."""
    lines, end = TextLines(), "1\n2\n" if isinstance(piece, str) else b"1\n2\n"
    told = []

    for _ in range(LONGEST_LINE // BLOCK + 3):
        told += lines.feed(piece)

    assert told == [None]
    assert lines.feed(end) == ["2\n"]


def test_characters_are_whole_however_a_long_line_comes() -> None:
    """A piece may end within one; what is no UTF-8 is still read as Latin-1."""
    text = "épreuve 精度 🔥\n"
    lines = TextLines()

    cut = [line for byte in text.encode() for line in lines.feed(bytes([byte]))]

    assert cut == [text]
    assert lines.feed("précision\n".encode("latin-1")) == ["précision\n"]
    assert lines.feed("pr\xe9cis".encode("latin-1")) + lines.finish() == ["précis"]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (f"epoch,{','.join(map('m{}'.format, range(9000)))}\n", "1\n"),
        (f"epoch,{','.join(map('m{}'.format, range(9000)))}\n", "x\n"),
        (f"epoch,{'a,' * 90_000}\n", "1\n"),
        ("prose\n", "a,1\n"),
        ("epoch 0 loss 0.5\n", f"epoch 1 {'a.a' * 1600}\n"),
        ("epoch 0 loss 0.5\n", f"{'.' * 4990} epoch 1\n"),
    ],
)
def test_no_line_costs_more_than_its_length(head: str, line: str) -> None:
    """However wide the header is, and whatever noise there is."""
    text = head + line * (100_000 // len(line))
    begun = time.process_time()

    with suppress(LogError):
        list(read_log(io.StringIO(text), warn=lambda _: None))

    assert time.process_time() - begun < 4.0  # in their square they take a minute
