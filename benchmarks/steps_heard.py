"""How truly runs in steps are heard, from the sound of `training.wav` alone.

Sixty made runs of 1000 to 300 000 steps, with noise of 3, 8 and 20 %, four ways to
fall, up to five steps of 14 deviations, one to five epochs. Ends with an error if a bar
is missed. Takes a minute.
"""

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from judged_steps import Judged, judge_run
from made_steps import make_run

_RUNS = 60
_RANK, _RECORDED_RANK = 0.99, 0.9999
_RIGHT, _RIGHT_IN_ONE = 0.95, 0.9  # of the windows of all runs, and of one


def main() -> int:
    """Print a line a run and the sum; return whether a bar was missed."""
    print("run   steps    rank recorded  class spikes")
    judged: list[Judged] = []
    for seed in range(_RUNS):
        run = make_run(seed)
        one = judge_run(run)
        judged.append(one)
        meant, heard = one.spikes
        print(
            f"{seed:3} {len(run.losses):7} {one.rank:7.4f} {one.recorded_rank:8.4f} "
            f"{one.right:6.1%} {len(meant & heard)}/{len(meant)} +{len(heard - meant)}"
            f"{'' if _is_true(one) else ' <'}"
        )
    right = statistics.mean(one.right for one in judged)
    print(
        f"rank {min(one.rank for one in judged):.4f} or better, "
        f"class {right:.1%} "
        f"(the worst run {min(one.right for one in judged):.1%}), spikes "
        f"{sum(len(one.spikes[0] & one.spikes[1]) for one in judged)} of "
        f"{sum(len(one.spikes[0]) for one in judged)}, "
        f"false {sum(len(one.spikes[1] - one.spikes[0]) for one in judged)}, "
        f"pitch within {max(one.off_cents for one in judged):.3f} cents"
    )
    return int(right < _RIGHT or not all(map(_is_true, judged)))


def _is_true(judged: Judged) -> bool:
    return (
        judged.rank >= _RANK
        and judged.recorded_rank >= _RECORDED_RANK
        and judged.right >= _RIGHT_IN_ONE
        and judged.spikes[0] == judged.spikes[1]
        and judged.ends[0] == judged.ends[1]
        and judged.twins[0] == judged.twins[1]
    )


if __name__ == "__main__":
    sys.exit(main())
