"""A log that comes in blocks, as lines: in bounded memory, whatever comes."""

LONGEST_LINE = 2**26
"""Bytes of a line with its end, or characters; a longer one is no log's."""

OVERLONG = b"a line that is too long"
"""Stands for a line longer than `LONGEST_LINE`, as this very object."""


class Lines:
    """Cuts blocks into lines.

    Of a line that is too long `OVERLONG` is given out, as soon as that is known: it may
    have no end. What comes of it is forgotten.
    """

    def __init__(self) -> None:
        self._begun = bytearray()
        self._is_overlong = False

    def feed(self, block: bytes) -> list[bytes]:
        """Take in what comes next; return the lines that are known now."""
        first, *others = block.split(b"\n")
        lines = []
        rest = first
        if others:
            *others, rest = others
            if not self._is_overlong:
                lines.append(bytes(self._begun) + first + b"\n")
            lines += [line + b"\n" for line in others]
            self._begun, self._is_overlong = bytearray(), False
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
