"""How many faults the quick tests notice: planted one at a time, drawn by lot.

mutmut plants them in the functions of a copy of the project, and runs the quick tests
that go through a function on each of its faults.
`mutants.py [--each N] [--seed S] [ROOM ...]` draws N faults in each room, then tells
how many were noticed, and shows those that were not. Takes half an hour.
"""

import argparse
import fnmatch
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[1]
_RULES = ("lead", "moment", "past", "progress", "spikes", "stall", "trouble", "watch")
ROOMS = {
    "scaling": ["score/scaling.py"],
    "pitch": ["score/pitch.py"],
    "ranges": ["score/ranges.py"],
    "cues": ["score/composer.py", "score/cue.py", "score/cue_notes.py"],
    "texture": ["score/texture.py"],
    "rules": [f"rules/{name}.py" for name in _RULES],
    "readers": ["readers/*.py"],
    "steps": ["step_feed.py", "rules/step_*.py"],
    "against": ["training/against.py", "training/overlay.py", "score/held.py"],
    "comparison": ["training/compar*.py", "training/leads.py", "score/comparison.py"],
}
_FIRST = "keras_sonify.score.pitch.x_interval_cents__mutmut_1"  # tried in any case
_BAR = 0.8  # of all that were drawn are noticed
_NOTICED = {"killed", "timeout", "segfault"}
# They are about samples, pages, programs or this repository, or look at a clock.
_BESIDE = (
    *("aftermath", "any_device", "atomic", "bar_lines", "browser", "callback"),
    *("classic", "cli_", "click", "codecs", "contributing", "demo"),
    *("device", "died", "earcons", "exits", "foreign", "helpers", "imports"),
    *("keeper", "lead_in", "learn", "level", "live", "loud", "names", "notebook"),
    *("paced", "page", "picture", "public", "readme", "speaker", "synth"),
    *("terminal", "testing", "timbre", "vigil", "voice", "wav", "words_heard"),
)
_CONFIGURATION = """\
[mutmut]
source_paths=keras_sonify
only_mutate=
    {files}
also_copy=
    {copied}
pytest_add_cli_args=
    -m
    not slow and not timed
    -p
    no:cacheprovider
    -p
    no:xdist
    --hypothesis-seed=0
pytest_add_cli_args_test_selection=
    tests
    {beside}
max_children=1
timeout_multiplier=3
"""


def main(arguments: Sequence[str]) -> int:
    """Print what was found; return whether the bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=", ".join(ROOMS))
    parser.add_argument("--each", type=int, default=10, help="faults in a room")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(arguments)
    rooms = wanted.rooms or list(ROOMS)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        copy_project(copy, [path for room in {*rooms, "pitch"} for path in ROOMS[room]])
        # Plants all, and finds out which tests go where.
        mutmut(copy, "run", "--max-children", "1", _FIRST)
        drawn = {
            room: draw(planted(copy), ROOMS[room], wanted.each, f"{wanted.seed} {room}")
            for room in rooms
        }
        mutmut(copy, "run", "--max-children", "1", *chain(*drawn.values()))
        return int(tell(copy, drawn) < _BAR)


def copy_project(to: Path, files: Sequence[str]) -> None:
    """Copy what git knows of, and say in which files faults are planted."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    lists = {
        "files": [f"keras_sonify/{path}" for path in files],
        "copied": sorted(
            each.name for each in to.iterdir() if each.name != "keras_sonify"
        ),
        "beside": [f"--ignore-glob=tests/test_{name}*.py" for name in _BESIDE],
    }
    text = _CONFIGURATION.format(
        **{name: "\n    ".join(lines) for name, lines in lists.items()}
    )
    (to / "setup.cfg").write_text(text)


def mutmut(folder: Path, *arguments: str) -> str:
    """Return what it prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(
        command, cwd=folder, check=False, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        sys.exit(done.stdout)
    return done.stdout


def planted(folder: Path) -> dict[str, str]:
    """Return all faults by name, with what became of them."""
    lines = mutmut(folder, "results", "--all", "true").splitlines()
    rows = (line.strip().partition(": ") for line in lines)
    return {name: state for name, _, state in rows if "__mutmut_" in name}


def draw(
    names: Iterable[str], files: Sequence[str], count: int, seed: str
) -> list[str]:
    """Return some of the faults in some files, drawn by lot."""
    modules = [path.removesuffix(".py").replace("/", ".") for path in files]
    theirs = sorted(
        name
        for name in names
        if any(fnmatch.fnmatch(name, f"keras_sonify.{each}.*") for each in modules)
    )
    return random.Random(seed).sample(theirs, min(count, len(theirs)))


def tell(folder: Path, drawn: dict[str, list[str]]) -> float:
    """Print what became of the faults; return which share was noticed."""
    states = planted(folder)
    total: Counter[bool] = Counter()
    for room, names in drawn.items():
        missed = [name for name in names if states[name] not in _NOTICED]
        for name in missed:
            print(mutmut(folder, "show", name))
        print(f"{room}: {len(names) - len(missed)} of {len(names)} noticed")
        total.update({True: len(names) - len(missed), False: len(missed)})
    print(f"all: {total[True]} of {total.total()}")
    return total[True] / total.total()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
