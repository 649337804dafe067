"""Runs beside one another: who is better, where the lead changed, and what is told."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from run_pairs import COURSES, Pair, make_pairs
from searches import write_trials

from keras_sonify import compare
from keras_sonify.files.process import this_process
from keras_sonify.training.comparison import Comparison

_FALLING = [3.0, 2.0, 1.5, 1.2, 1.0]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Pair, Comparison]]:
    """Pairs of which all is known, compared: each course with each twist."""
    made = make_pairs(tmp_path_factory.mktemp("pairs"), 6 * len(COURSES))
    return [(pair, compare(*pair.logs)) for pair in made]


def _log(path: Path, **columns: Sequence[float]) -> Path:
    rows = [[k, *row] for k, row in enumerate(zip(*columns.values(), strict=True))]
    lines = [",".join(map(str, row)) for row in [["epoch", *columns], *rows]]
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_it_is_told_which_run_ends_better(
    pairs: list[tuple[Pair, Comparison]],
) -> None:
    """In all pairs; those within 0.5 percent are level, whatever their lengths."""
    told = {pair.name: told.at_end.ahead or 0 for pair, told in pairs}

    assert told == {pair.name: pair.ahead for pair, _ in pairs}


def test_it_is_told_where_the_lead_changed(
    pairs: list[tuple[Pair, Comparison]],
) -> None:
    """Within one point where both have one, and nowhere else."""
    for pair, told in pairs:
        places = [each.at.number for each in told.pairs]
        found = [lead.at.number for lead in told.leads[1:]]
        assert len(found) == len(pair.crossings), pair.name
        for place, crossing in zip(found, pair.crossings, strict=True):
            after = next(k for k, at in enumerate(places) if at >= crossing)
            assert abs(places.index(place) - after) <= 1, pair.name


def test_noise_is_no_lead_and_no_difference() -> None:
    """Of two runs of one trend and a noise of 3 percent, neither is better."""
    from numpy.random import default_rng

    chance = default_rng(4)
    runs = [
        {"loss": [(0.5 + 2 * 0.9**k) * chance.normal(1, 0.03) for k in range(80)]}
        for _ in range(2)
    ]

    told = compare(*runs)

    assert told.winner is told.at_end.ahead is None
    assert len(told.leads) <= 1
    assert str(told).startswith("Runs 1 and 2 are level: their best loss is ")


def test_a_single_validation_of_a_run_in_steps_decides_nothing() -> None:
    """Where there are losses of its steps: by one value nobody sees how it went."""
    losses = [4.0 * 0.99**k for k in range(200)]
    rows: list[dict[str, float]] = [
        {"step": k, "loss": value} for k, value in enumerate(losses, start=1)
    ]

    told = compare(*([*rows, {"step": 200, "val_loss": 1.0}] for _ in range(2)))

    assert told.metric == "loss"


def test_the_words_say_who_why_and_where() -> None:
    """Names, values, shares and places: the same that the values are."""
    other = [4.0, 1.8, 1.2, 0.9, 0.5]

    told = compare({"small": {"loss": _FALLING}, "large": {"loss": other}})

    assert str(told).splitlines() == [
        "Run 2 is better: its best loss is 0.5, 50 percent below run 1.",
        "It also ends better: 0.5, 50 percent below run 1.",
        "Run 2 led from epoch 2 on.",
        "Run 1 is small.",
        "5 epochs: best at epoch 5, 1; ends at 1.",
        "Run 2 is large.",
        "5 epochs: best at epoch 5, 0.5; ends at 0.5.",
    ]
    assert (told.winner, told.at_best.share, told.leads[0].number) == (2, 0.5, 2)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"loss": _FALLING}, {"val_loss": _FALLING}, "no metric in common: a history"),
        ({"loss": _FALLING}, {"loss": ["low"]}, "with numbers in it"),
        ({"zeta": [1]}, {"zeta": [2]}, r"`mode` \(`--mode`\) must say"),
        ({"loss": _FALLING}, "empty.csv", r"empty.csv holds no value"),
        ({"loss": _FALLING}, "none.csv", "No such file"),
    ],
)
def test_what_cannot_be_compared_is_told_in_a_sentence(
    first: object,
    second: object,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No metric in common, none of a known direction, nothing in it, no such file."""
    monkeypatch.chdir(tmp_path)
    _log(tmp_path / "empty.csv", loss=[])

    with pytest.raises((ValueError, OSError), match=said):
        compare(first, second)


def test_opposite_directions_are_told(tmp_path: Path) -> None:
    """Where one run's metric is to fall and the other's to rise, unless one decides."""
    for way in ("min", "max"):
        _log(tmp_path / way / "log.csv", reached=[1.0, 2.0])
        about = json.dumps({"form": 1, "directions": {"reached": way}})
        (tmp_path / way / "run.json").write_text(about, encoding="utf-8")
    both = [tmp_path / "min", tmp_path / "max"]

    with pytest.raises(ValueError, match="they cannot be compared"):
        compare(*both)
    assert compare(*both, mode="max").winner is None


def test_a_run_that_is_still_written_counts_as_it_stands(tmp_path: Path) -> None:
    """It is compared, and that it goes on is told."""
    for name in ("done", "on"):
        _log(tmp_path / name / "log.csv", loss=_FALLING)
    state = {"form": 1, "process": this_process(), "has_epoch": True}
    (tmp_path / "on" / ".running.json").write_text(json.dumps(state), encoding="utf-8")

    told = compare(tmp_path / "done", tmp_path / "on")

    assert [run.is_running for run in told.runs] == [False, True]
    assert str(told).count("It is still being written: this is how it stands now.") == 1


def test_a_run_that_went_wrong_ends_behind(tmp_path: Path) -> None:
    """However good it was before: at its end it is no number."""
    nan = _log(tmp_path / "nan.csv", loss=[0.1, float("nan"), float("nan")])

    told = compare(nan, _log(tmp_path / "fine.csv", loss=[3.0, 2.0, 1.0]))

    assert (told.at_best.ahead, told.at_end.ahead, told.ranking) == (1, 2, (2, 1))
    assert "But run 2 ends better: run 1 is not a number at its end." in str(told)


def test_a_search_names_its_best_and_its_failures(tmp_path: Path) -> None:
    """Those of keras-tuner, from its folder, in the order of the trials."""
    write_trials(tmp_path, [5.0, 4.0, 9.0, 2.0, *[3.0] * 8], failed=[3, 11])

    told = compare(tmp_path)

    assert (told.ranking[0], told.failed, told.new_bests) == (4, (3, 11), (1, 2, 4))
    assert str(told).splitlines()[:2] == [
        "12 runs, 2 failed.",
        "Best is run 4: val_loss 2.",
    ]
    assert told.median == 3.0


def test_directories_of_runs_are_a_search_in_their_order(tmp_path: Path) -> None:
    """Of one parent, by their numbers; one without a value has failed."""
    for number in range(1, 13):
        values = [] if number == 7 else [9.0, 8.0 - 0.5 * number]
        _log(tmp_path / f"run{number}" / "log.csv", loss=values)

    told = compare(tmp_path)

    assert [Path(run.name).name for run in told.runs][9:] == ["run10", "run11", "run12"]
    assert (told.ranking[0], told.failed) == (12, (7,))
    assert told.runs == compare(*tmp_path.iterdir()).runs


def test_a_table_of_runs_is_a_search(tmp_path: Path) -> None:
    """As W&B exports it: a row a run, with its state."""
    path = tmp_path / "wandb.csv"
    rows = [
        "Name,State,Runtime,lr,val_loss",
        'azure-sun-1,finished,12,0.1,"0.5"',
        "red-moon-2,crashed,3,0.3,",
        "calm-sea-3,finished,14,0.2,0.25",
    ]
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")

    told = compare(path)

    assert [run.name for run in told.runs][::2] == ["azure-sun-1", "calm-sea-3"]
    assert (told.metric, told.ranking[0], told.failed) == ("val_loss", 3, (2,))


def test_the_runs_of_one_log_are_compared(tmp_path: Path) -> None:
    """Where it alone is given: each begins where the epoch falls back."""
    path = _log(tmp_path / "log.csv", loss=_FALLING)
    again = path.read_text(encoding="utf-8").splitlines()[1:3]
    path.write_text(path.read_text(encoding="utf-8") + "\n".join([*again, ""]))

    told = compare(path)

    assert [run.count for run in told.runs] == [5, 2]
    assert [run.name.partition(", ")[2] for run in told.runs] == ["run 1", "run 2"]


def test_a_run_json_that_was_changed_by_hand_costs_what_it_says_alone(
    tmp_path: Path,
) -> None:
    """What is no way to improve is left out; then the name of the metric tells."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        _log(tmp_path / name / "log.csv", loss=_FALLING)
        about = '{"form": 1, "directions": {"loss": ["max"], "auc": "up"}}'
        (tmp_path / name / "run.json").write_text(about, encoding="utf-8")

    told = compare(tmp_path)

    assert (told.metric, told.direction) == ("loss", "min")
