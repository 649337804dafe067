"""Which intervals survive a room, told from the sound of cues alone.

Cues of four metrics, of the project's trainings that neither blow up nor are stuck, and
of the logs in FOLDER, if one is named, through nine rooms of each kind.
Ends with an error if a bar is missed. Takes some minutes: `rooms_heard.py [FOLDER]`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from foreign import longest_runs
from live import Epoch
from rooms import Room, listen_in

_TRAININGS = Path(__file__).parents[1] / "tests" / "trainings"
_KINDS = ("converging", "overfitting", "oscillating", "plateau")
_BARS = {  # the greatest share of false news
    Room(seconds=0.5, direct_db=0.0): 0.035,
    Room(seconds=0.5, direct_db=-5.0): 0.03,
    Room(seconds=0.8, direct_db=0.0): 0.05,
}
_SEEDS = range(1, 10)  # of the rooms of a kind
_MOST_CUES = 8  # of a run


def main(arguments: Sequence[str]) -> int:
    """Print a line a room; return whether a bar was missed."""
    own = longest_runs(_TRAININGS)
    named = [run for name, run in own.items() if name.startswith(_KINDS)]
    missed = table("The project's trainings", named)
    for folder in map(Path, arguments):
        logs = [*longest_runs(folder).values()]
        missed |= table(f"The longest run of each log in {folder}", logs)
    return int(missed)


def table(title: str, runs: Sequence[Sequence[Epoch]]) -> bool:
    """Print how the cues of some runs are heard; return whether a bar was missed."""
    print(f"{title}\nreverberation  direct  direction right  false news   bar")
    missed = False
    for room, bar in _BARS.items():
        news = listen_in(room, runs, _SEEDS, _MOST_CUES)
        is_missed = news.false_news > bar
        missed |= is_missed
        print(
            f"{room.seconds:11.1f} s {room.direct_db:4.0f} dB {news.right:16.1%} "
            f"{news.false_news:11.1%} {bar:6.1%}{' <' if is_missed else ''}   "
            f"{news.told[1]} intervals, {news.false[1]} too small to notice"
        )
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
