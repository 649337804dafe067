"""What is told and heard of runs beside one another: pairs, searches, a thousand runs.

Of sixty pairs of which it is known who is better: from the words, and from the sound
alone, in mono and through a thin phone. Of a search of a hundred, seven of which
failed.
`comparisons.py [PROJECT]` also takes a search that keras-tuner made. Ends with an error
if a bar is missed. Takes three minutes.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from comparison_ear import hear_two
from loudspeakers import LOUDSPEAKERS, RATE, Signal
from run_pairs import Pair, make_pairs
from searches import hear_search, write_trials

from keras_sonify import compare
from keras_sonify.comparison import heard
from keras_sonify.score.style import CLEAR
from keras_sonify.sound.synth import render
from keras_sonify.training.comparison import Comparison

_PAIRS, _SEED = 60, 1
_RUNS, _POINTS, _SECONDS = 1000, 100, 10.0
_LONGEST = 20.0  # seconds of a search


def main(arguments: Sequence[str]) -> int:
    """Print what was found; return whether a bar was missed."""
    with tempfile.TemporaryDirectory() as folder:
        missed = [
            many(Path(folder) / "many"),  # first: memory is measured by its peak
            pairs(Path(folder) / "pairs"),
            search(Path(folder) / "search"),
            *(of_tuner(Path(path)) for path in arguments),
        ]
    return int(any(missed))


def sound_of(told: Comparison) -> Signal:
    """Return the sound of a comparison in mono."""
    notes = [note for _, note in heard(told, CLEAR)]
    frames = render(notes, sample_rate=RATE, channels=1, fade=CLEAR.fade)
    return frames[:, 0].astype(np.float64)


def pairs(folder: Path) -> bool:
    """Compare all pairs; return whether a bar was missed."""
    folder.mkdir()
    rows: dict[str, list[int]] = {}

    def count(name: str, right: int, of: int = 1) -> None:
        row = rows.setdefault(name, [0, 0])
        row[0] += right
        row[1] += of

    for pair in make_pairs(folder, _PAIRS, _SEED):
        told = compare(*pair.logs)
        kind = "ties" if pair.course == "same" else "winner"
        count(f"{kind}, words", (told.at_end.ahead or 0) == pair.ahead)
        turns = [_index(told, lead.at.number) for lead in told.leads[1:]]
        count("lead changes, words", *_found(turns, pair, told, len(told.pairs)))
        sound = sound_of(told)
        for name in ("flat", "thin phone"):
            speaker = LOUDSPEAKERS[name]
            ear = hear_two(speaker.play(sound) if speaker else sound, RATE)
            count(f"{kind}, {name}", ear.ahead == pair.ahead)
            said = f"run {['', 'one', 'two'][told.winner or 0]} better"
            wanted = said if told.winner else "level"
            count(f"winner said, {name}", ear.said == wanted)
            found = _found(ear.turns, pair, told, ear.pairs)
            count(f"lead changes, {name}", *found)
    for name, (right, of) in sorted(rows.items()):
        bar = 1.0 if "words" in name and "lead" not in name else 0.95
        bar = 0.97 if name.startswith("winner, ") and "words" not in name else bar
        print(f"{name:32} {right:3} of {of:3} {right / of:6.1%}   bar {bar:.0%}")
    return any(
        right / of < (0.97 if "winner" in name else 0.95)
        for name, (right, of) in rows.items()
    )


def _index(told: Comparison, number: int) -> int:
    """Return which pair lies at a place, or is the first after it, from 1."""
    after = (k for k, pair in enumerate(told.pairs, 1) if pair.at.number >= number)
    return next(after, len(told.pairs))


def _found(
    turns: Sequence[int], pair: Pair, told: Comparison, pairs: int
) -> tuple[int, int]:
    """Return how many lead changes were found within one point, of how many.

    One that was none counts as one that was not found.
    """
    scale = pairs / len(told.pairs) if told.pairs else 0.0
    wanted = [
        (_index(told, int(np.ceil(place))) - 1) * scale + 1 for place in pair.crossings
    ]
    near = sum(any(abs(turn - place) < 2.0 for turn in turns) for place in wanted)
    return near, max(len(wanted), len(turns))


def search(folder: Path) -> bool:
    """Hear a search of a hundred, seven of which failed."""
    chance = np.random.default_rng(3)
    values = chance.lognormal(0.0, 0.7, 100)
    failed = sorted(chance.choice(np.arange(1, 101), 7, replace=False).tolist())
    write_trials(folder, values.tolist(), failed)
    return _hear("search of 100", compare(folder), failed)


def of_tuner(folder: Path) -> bool:
    """Hear a search that keras-tuner made; which trials failed, their files say."""
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("trial_*/trial.json"))
    ]
    failed = [
        k for k, text in enumerate(texts, 1) if '"status": "COMPLETED"' not in text
    ]
    return _hear(f"{folder}, {len(texts)} trials", compare(folder), failed)


def _hear(name: str, told: Comparison, failed: Sequence[int]) -> bool:
    sound = sound_of(told)
    ear = hear_search(sound, RATE)
    best = told.ranking[0]
    digits = "oh one two three four five six seven eight nine".split()  # noqa: SIM905
    said = "run " + " ".join(digits[int(digit)] for digit in str(best))
    found: dict[str, Callable[[], bool]] = {
        "failed ones": lambda: ear.failed == [*failed] == [*told.failed],
        "best by pitch": lambda: ear.lowest == best,
        "best by figure": lambda: [told.new_bests[0], *ear.news][-1] == best,
        "best as said": lambda: ear.said == said,
        "new bests": lambda: ear.news == [*told.new_bests[1:]],
        "length": lambda: len(sound) / RATE <= _LONGEST,
    }
    results = {what: holds() for what, holds in found.items()}
    print(f"{name}: {len(sound) / RATE:.1f} s, {results}")
    return not all(results.values())


def many(folder: Path) -> bool:
    """Compare a thousand runs of a hundred points; return whether it took too long."""
    folder.mkdir()
    chance = np.random.default_rng(5)
    curve = 0.2 + np.exp(-np.arange(_POINTS) / 20)
    for run in range(_RUNS):
        losses = curve * chance.lognormal(0.0, 0.3)
        rows = [f"{k},{a:.6f},{a * 1.1:.6f}" for k, a in enumerate(losses)]
        text = "\n".join(["epoch,loss,val_loss", *rows, ""])
        (folder / f"run{run}.csv").write_text(text, encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    told = compare(*folder.iterdir())
    seconds = time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{len(told.runs)} runs of {_POINTS} points: {seconds:.1f} s (bar "
        f"{_SECONDS:.0f} s), {grown:.0f} MB more"
    )
    return seconds > _SECONDS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
