"""Which intervals survive a room, told from the sound of cues alone.

Cues of four metrics, of the project's trainings that neither blow up nor are stuck, and
of the logs in FOLDER, if one is named, through nine rooms of each kind.
Ends with an error if a bar is missed. Takes some minutes: `rooms_heard.py [FOLDER]`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from foreign import longest_run
from live import Epoch
from rooms import Room, listen_in

_TRAININGS = Path(__file__).parents[1] / "tests" / "trainings"
_KINDS = ("converging", "overfitting", "oscillating", "plateau")
_UNEVEN = "ragged_"  # columns change half-way through: no reader can know their names
_BARS = {  # the greatest share of false news
    Room(seconds=0.5, direct_db=0.0): 0.035,
    Room(seconds=0.5, direct_db=-5.0): 0.03,
    Room(seconds=0.8, direct_db=0.0): 0.05,
}
_SEEDS = range(1, 10)  # of the rooms of a kind
_MOST_CUES = 8  # of a run


def main(arguments: Sequence[str]) -> int:
    """Print a line a room; return whether a bar was missed."""
    own = [path for kind in _KINDS for path in _TRAININGS.glob(f"{kind}_*.csv")]
    missed = table("The project's trainings", own)
    for folder in map(Path, arguments):
        logs = [each for each in folder.glob("*.csv") if _UNEVEN not in each.name]
        missed |= table(f"The longest run of each log in {folder}", logs)
    return int(missed)


def table(title: str, paths: Sequence[Path]) -> bool:
    """Print how the cues of some logs are heard; return whether a bar was missed."""
    runs: list[list[Epoch]] = [[*longest_run(path)] for path in sorted(paths)]
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
