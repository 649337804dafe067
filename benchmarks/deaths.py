"""Whether a training that dies is heard to: `python benchmarks/deaths.py [COUNT]`.

Lets trainings die in each of five ways, as often as asked for, and listens at a virtual
sound card; a cue sounds each time. Prints how often the alarm was heard within two
seconds, how often the line was told, and after how long helper and alarm were gone.
Then lets as many end well, in each of some ways, and counts false alarms.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from alarm import DEATHS, WELL, Death, Ending
from virtual_card import VirtualCard

_LATEST = 2.0  # seconds
_T = TypeVar("_T")


def main() -> None:
    """Measure, and print a line for each way."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    title = f"{'alarm after':>22} {'helper gone':>22}"
    print(f"{'died of':22} {'heard':>8} {'told':>8} {title}")
    for name, how in DEATHS.items():
        deaths = _repeat(count, partial(Death, how))
        alarms = [death.alarm for death in deaths if death.alarm is not None]
        heard = sum(alarm < _LATEST for alarm in alarms)
        told = sum(death.output.count("Training died after") == 1 for death in deaths)
        gone = _spread([death.gone for death in deaths])
        print(
            f"{name:22} {heard:>4}/{count:<3} {told:>4}/{count:<3} "
            f"{_spread(alarms):>22} {gone:>22}",
            flush=True,
        )
    print(f"\n{'ended by':30} {'false alarms':>14}")
    for name, how in WELL.items():
        ends = _repeat(count, partial(Ending, how))
        false = sum(end.has_alarmed for end in ends)
        print(f"{name:30} {false:>10}/{count:<3}", flush=True)


def _repeat(count: int, call: Callable[[VirtualCard, Path], _T]) -> list[_T]:
    found = []
    for _ in range(count):
        with VirtualCard() as card, tempfile.TemporaryDirectory() as folder:
            found.append(call(card, Path(folder)))
    return found


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "never"
    return f"{statistics.median(seconds):.2f} s, at most {max(seconds):.2f} s"


if __name__ == "__main__":
    main()
