r"""From what comes of a log, bytes or text, to the lines that somebody would read.

A terminal shows a bar that was drawn anew, after `\r` or `\b`, in one line; here each
drawing is a line of its own, and its end tells whether it stood.
"""

import codecs
import re

from keras_sonify.readers.lines import LONGEST_LINE

# The longer marks first: the one of UTF-16 begins the one of UTF-32.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_IS_HALF = "unexpected end of data"  # what Python says of half a character
_LEAST = 8  # bytes by which UTF-16 is told that has no mark
_PLAIN = re.compile("[^\r\n\b\x1b]*+\r?\n")
_ENDS = "\r\n\b"
_LINE = re.compile("[^\r\n\b]*+(?:\r*+\n|\r++|\b)")
_END = re.compile(f"[{_ENDS}]\n?")
_RETURNS = re.compile("\r{3,}")  # how many end a line says nothing

# What a terminal obeys and does not show. Who moves the cursor begins a line anew.
_MOVE = re.compile(r"\x1b\[[0-9;]*[A-HJf]")
_UNSEEN = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[@-Z\\^_])"
)


class TextLines:
    r"""Decodes what comes and parts it into lines, each with its end.

    Understood are UTF-8, UTF-16 and UTF-32, told by their marks or their zeros; what
    is none of them is read as Latin-1, in which names and numbers survive. A line ends
    with `\n`, with `\r`, or where it is taken back with `\b`. Whatever comes, no
    more is kept than a line of the greatest length.
    """

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = None
        self._is_begun = False
        self._half = b""  # of a character in UTF-8
        self._begun: list[str] = []  # parts of the line whose end is still to come
        self._size = 0  # of them
        self._is_overlong = False

    def feed(self, piece: str | bytes) -> list[str | None]:
        """Take in what comes next; return the lines that are complete now.

        `None` stands for a line that is too long, as soon as that is known.
        """
        text = piece if isinstance(piece, str) else self._decode(piece)
        if self._is_overlong:
            text = self._pass_over(text)
        if not text:
            return []
        if not self._begun and _PLAIN.fullmatch(text):
            return [text]  # as nearly all that comes is
        is_open = not self._begun or self._begun[-1][-1] != "\r"
        if is_open and not _END.search(text):
            return self._keep(text)
        if not is_open and not text.strip("\r"):
            if not self._begun[-1].endswith("\r\r"):
                self._begun[-1] += "\r"
            return []
        return self._cut("".join([*self._begun, text]))

    def skip(self) -> list[str | None]:
        """Take in that the next line is too long; return the lines until then."""
        return [*self.finish(), None]

    def finish(self) -> list[str | None]:
        """Return the last line, which has no end."""
        rest = "".join(self._begun) + self._half.decode("latin-1")
        self._begun, self._size, self._half = [], 0, b""
        return [rest] if rest.strip(_ENDS) else []

    def _cut(self, text: str) -> list[str | None]:
        if "\x1b" in text:
            text = _UNSEEN.sub("", _MOVE.sub("\r", text))
        text = _RETURNS.sub("\r\r", text)
        # What a `\r` is the end of, what follows it tells.
        end = len(text.rstrip("\r"))
        cut = 1 + max(text.rfind(mark, 0, end) for mark in _ENDS)
        self._begun, self._size = [], 0
        # Where nothing was drawn, nothing was drawn anew.
        return [
            *(
                line if len(line) <= LONGEST_LINE else None
                for line in _LINE.findall(text, 0, cut)
                if line[-1] == "\n" or line.strip(_ENDS)
            ),
            *self._keep(text[cut:]),
        ]

    def _keep(self, text: str) -> list[str | None]:
        """Keep more of the line whose end is still to come, unless it is too long."""
        if text:
            self._begun.append(text)
            self._size += len(text)
        if self._size <= LONGEST_LINE:
            return []
        self._begun, self._size, self._is_overlong = [], 0, text[-1] != "\r"
        return [None]

    def _pass_over(self, text: str) -> str:
        """Return what follows the end of a line that is too long."""
        end = _END.search(text)
        self._is_overlong = end is None
        return text[end.end() :] if end else ""

    def _decode(self, piece: bytes) -> str:
        if not self._is_begun:
            self._is_begun = True
            encoding, piece = _encoding(piece)
            if encoding:
                self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        if self._decoder:
            return self._decoder.decode(piece)
        piece, self._half = self._half + piece, b""
        try:
            return piece.decode()
        except UnicodeDecodeError as error:
            if error.reason != _IS_HALF:
                return piece.decode("latin-1")
            self._half = piece[error.start :]
            return piece[: error.start].decode()


def _encoding(begin: bytes) -> tuple[str | None, bytes]:
    """Return an encoding of more bytes than one a character, and what follows its mark.

    Args:
        begin: The first bytes of a log.
    """
    for mark, encoding in _MARKS:
        if begin.startswith(mark):
            return encoding, begin.removeprefix(mark)
    # The last one may be half a character.
    even, odd = begin[::2][: len(begin) // 2], begin[1::2]
    if len(begin) >= _LEAST and all(even) and 2 * odd.count(0) > len(odd):
        return "utf-16-le", begin
    if len(begin) >= _LEAST and all(odd) and 2 * even.count(0) > len(even):
        return "utf-16-be", begin
    return None, begin
