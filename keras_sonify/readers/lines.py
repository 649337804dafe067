"""A log that comes in blocks, as lines: in bounded memory, whatever comes."""

LONGEST_LINE = 2**26
"""Bytes of a line with its end, or characters; a longer one is no log's."""

OVERLONG = b"a line that is too long"
"""Stands for a line longer than `LONGEST_LINE`, as this very object."""


class Lines:
    r"""Cuts blocks into lines, after `\n` and after `\r`.

    A bar that is drawn anew in its place ends each drawing with a carriage return.
    Of a line that is too long `OVERLONG` is given out, as soon as that is known: it may
    have no end. What comes of it is forgotten.
    """

    def __init__(self) -> None:
        self._begun = bytearray()
        self._is_overlong = False

    def feed(self, block: bytes) -> list[bytes]:
        """Take in what comes next; return the lines that are known now."""
        lines = block.splitlines(keepends=True)
        is_half = bool(lines) and not lines[-1].endswith((b"\n", b"\r"))
        rest = lines.pop() if is_half else b""
        if lines and self._is_overlong:
            lines.pop(0)
            self._is_overlong = False
        elif lines:
            lines[0] = bytes(self._begun) + lines[0]
            self._begun = bytearray()
        if not self._is_overlong:
            self._begun += rest
        if len(self._begun) > LONGEST_LINE:
            lines.append(OVERLONG)
            self._begun, self._is_overlong = bytearray(), True
        return lines

    @property
    def rest(self) -> bytes:
        """What has come of a line whose end is still to come."""
        return bytes(self._begun)
