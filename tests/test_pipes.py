"""Whether a pipe can be read is told on any system, without being held up."""

import os

import pytest

from keras_sonify.pipes import can_read, look_until


def test_a_pipe_can_be_read_when_something_has_come_or_it_has_ended() -> None:
    """Not before: then the wait is as long as was asked for."""
    reading, writing = os.pipe()

    before = can_read(reading, 0.0)
    os.write(writing, b"x")
    with_something = can_read(reading, 60.0)
    os.read(reading, 1)
    os.close(writing)
    at_the_end = can_read(reading, 60.0)
    os.close(reading)

    assert (before, with_something, at_the_end) == (False, True, True)


class _Pipe:
    """A pipe that holds something from the third look on, or is closed by then."""

    def __init__(self, *, is_closed: bool) -> None:
        self.looks = 0
        self._is_closed = is_closed

    def held(self) -> int:
        """Return how many bytes there are."""
        self.looks += 1
        if self.looks > 2 and self._is_closed:
            raise BrokenPipeError
        return 5 * (self.looks > 2)


@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize(("seconds", "looks"), [(60.0, 3), (0.0, 1)])
def test_where_a_pipe_cannot_be_waited_for_it_is_looked_at(
    is_closed: bool, seconds: float, looks: int
) -> None:
    """As on Windows: until it holds something or is closed, or the time is over."""
    pipe = _Pipe(is_closed=is_closed)

    assert look_until(pipe.held, seconds) == (looks == 3)
    assert pipe.looks == looks
