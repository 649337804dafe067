"""How many improvements a typical listener hears, where people really listen.

    python benchmarks/listener.py [FOLDER]

Live cues of the project's own trainings, each metric read alone, through laptops and
phones in an office, by the model of `tests/typical_listener.py`. With a folder the
same of every log in it. Ends with an error if a bar is missed on the own trainings,
which were not used to choose how a tone sounds. Takes half a minute, and a minute for
forty logs.

With another version of the package first on `PYTHONPATH`, that one is judged.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from foreign import longest_runs
from live import Epoch, what_to_ask
from rendered import as_epochs, read_trainings
from tone_pairs import Pair, as_arrays, pairs_of
from typical_listener import (
    LAPTOP,
    OFFICE,
    PHONE,
    QUIET,
    STEEP_LAPTOP,
    STEEP_PHONE,
    TRAINED,
    TYPICAL,
    WEAK,
    Listener,
    Place,
    chances,
)

# Improvements heard at least, in percent.
_BARS: tuple[tuple[Listener, Place, float | None], ...] = (
    (TYPICAL, QUIET, 91.0),
    (TYPICAL, OFFICE, None),
    (TYPICAL, LAPTOP, None),
    (TYPICAL, STEEP_LAPTOP, 84.0),
    (TYPICAL, PHONE, 82.0),
    (TYPICAL, STEEP_PHONE, 79.0),
    (TRAINED, QUIET, None),
    (WEAK, QUIET, None),
)


def main(arguments: Sequence[str]) -> int:
    """Print a table for each kind of runs; return whether a bar was missed."""
    own = {name: as_epochs(log) for name, log in read_trainings().items()}
    missed = _print_table("the project's trainings", own)
    if arguments:
        logs = longest_runs(Path(arguments[0]))
        _print_table(f"the longest runs of the logs in {arguments[0]}", logs)
    return int(missed)


def _print_table(title: str, runs: Mapping[str, Sequence[Epoch]]) -> bool:
    """Print what is heard of these runs; return whether a bar was missed."""
    pairs: dict[str, list[Pair]] = {"better": [], "worse": []}
    for epochs in runs.values():
        for pair in pairs_of(epochs, what_to_ask(epochs)):
            pairs[pair.change].append(pair)
    better, worse = (as_arrays(pairs[change]) for change in ("better", "worse"))
    print(
        f"{len(runs)} runs, {title}: {len(pairs['better'])} improvements, "
        f"{len(pairs['worse'])} worsenings; heard, in percent\n"
        f"{'listener':8} {'where':24} better  worse  good news inaudible"
    )
    is_missed = False
    for listener, place, bar in _BARS:
        good, audible = chances(better, place, listener)
        bad, _ = chances(worse, place, listener)
        is_below = bar is not None and bool(100 * good.mean() < bar)
        is_missed |= is_below
        print(
            f"{listener.name:8} {place.name:24} {good.mean():6.1%} {bad.mean():6.1%} "
            f"{1 - audible.mean():6.1%}"
            f"{'' if bar is None else f' (bar {bar:.0f} %)'}{' <' * is_below}"
        )
    print(flush=True)
    return is_missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
