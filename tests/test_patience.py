"""What is played again: damaged recordings, once, and never a fault of the page."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from patience import DamagedError, with_patience

_TONE = [0.1] * 500
_HOLE = [*_TONE, *[0.0] * 200, *_TONE]
_REST = [*_TONE, 1e-3, *[0.0] * 200, 1e-3, *_TONE]  # a fade, however short, into it
_PAUSE = [*[0.0] * 200, *_TONE, *[0.0] * 20_000, *_TONE, *[0.0] * 200]
_WRONG = AssertionError("a wrong pitch")


class Page:
    """A page that plays these levels, and is found wrong so often.

    Attributes:
        plays: How often it was played.
    """

    def __init__(self, levels: Sequence[float], *errors: AssertionError) -> None:
        self._levels, self._errors = levels, list(errors)
        self.plays = 0

    @property
    def frames(self) -> int:
        """How many frames were played."""
        return self.plays * len(self._levels)

    def samples(self, start: int = 0) -> npt.NDArray[np.float32]:
        """Return the frames from one on."""
        return np.array([[*self._levels] * self.plays] * 2, np.float32).T[start:]

    def check(self) -> None:
        """Play, and find it wrong as long as there are errors."""
        self.plays += 1
        if self._errors:
            raise self._errors.pop()


@pytest.mark.parametrize(
    "levels", [_TONE, _REST, _PAUSE], ids=["tone", "rest", "pause"]
)
def test_a_fault_of_the_page_fails_at_once(levels: list[float]) -> None:
    """A wrong pitch in a whole recording is no damage; nor are rests and pauses."""
    page, told = Page(levels, _WRONG), list[str]()

    with pytest.raises(AssertionError, match="a wrong pitch"):
        with_patience(page, page.check, told)

    assert (page.plays, told) == (1, [])


@pytest.mark.parametrize(
    ("levels", "error"),
    [(_HOLE, _WRONG), (_TONE, DamagedError("cut short"))],
    ids=["a hole", "cut short"],
)
def test_damage_is_played_again_and_told(
    levels: list[float], error: AssertionError
) -> None:
    """A second play that is right will do, but it is counted."""
    page, told = Page(levels, error), list[str]()

    with_patience(page, page.check, told)

    assert page.plays == 2
    assert [name.partition("::")[2].partition("[")[0] for name in told] == [
        "test_damage_is_played_again_and_told"
    ]


def test_it_is_played_twice_at_most() -> None:
    """Damaged or not, what is wrong both times is wrong."""
    page = Page(_HOLE, _WRONG, _WRONG)

    with pytest.raises(AssertionError, match="a wrong pitch"):
        with_patience(page, page.check, [])

    assert page.plays == 2


def test_what_is_right_is_played_once() -> None:
    """A hole that disturbs nobody is no reason to play again."""
    page, told = Page(_HOLE), list[str]()

    with_patience(page, page.check, told)

    assert (page.plays, told) == (1, [])
