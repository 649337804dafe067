"""From what comes of a log to its lines: each once and whole, whatever ends it."""

import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from keras_sonify.readers.text import TextLines


def lines(*pieces: str | bytes) -> list[str | None]:
    """Return the lines of what comes in pieces."""
    text = TextLines()
    return [line for piece in pieces for line in text.feed(piece)] + text.finish()


def test_each_end_of_a_line_is_told() -> None:
    """What was drawn anew ends otherwise than what stood; a pair is one end."""
    printed = "a\nb\r\nc\r\r\nd\re\b\b\b\rf\n\ng"

    assert lines(printed) == [
        "a\n",
        "b\r\n",
        "c\r\r\n",
        "d\r",
        "e\b",
        "f\n",
        "\n",
        "g",
    ]


def test_what_steers_a_terminal_is_no_text() -> None:
    """Colours vanish; where the cursor is moved, another line begins."""
    printed = "\x1b[1m15/15\x1b[0m \x1b[32mx\x1b[0m\n\x1b]0;title\x07a\x1b[2K\x1b[1Ab\n"

    assert lines(printed) == ["15/15 x\n", "a\r", "b\n"]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(["a", "b", "\r", "\n", "\b"]), max_size=30), st.data())
def test_pieces_make_the_same_lines(characters: list[str], data: st.DataObject) -> None:
    """Wherever what comes is cut, also between the two ends of a line."""
    text = "".join(characters)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    pieces = [text[i:j] for i, j in pairwise([0, *cuts, len(text)])]

    for encoding in ("utf-8", "utf-16"):
        encoded = [text[:0].encode(encoding), *(piece.encode() for piece in pieces)]
        if encoding == "utf-16":
            encoded[1:] = [piece.encode("utf-16-le") for piece in pieces]
        whole = lines(b"".join(encoded))
        assert lines(*filter(None, encoded)) == whole
    assert lines(*pieces) == lines(text)


def test_a_line_without_an_end_takes_no_time() -> None:
    """Damage may leave a megabyte of it, in any pieces."""
    begun = time.monotonic()

    assert lines("x" * 2**20) == ["x" * 2**20]
    assert lines(*["x" * 100] * 10_000) == ["x" * 10**6]
    assert len(lines("x\r" * 100_000, "x" * 10**6)) == 100_001
    assert time.monotonic() - begun < 20.0  # seconds: in its square it takes hours
