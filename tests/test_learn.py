"""`keras-sonify learn`: examples, and a quiz that the sound alone answers."""

import io
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import markdown
import pytest
from click.testing import CliRunner, Result
from quiz_listener import answer

from keras_sonify.cli import commands
from keras_sonify.cli.dialogue import Dialogue, QuitError
from keras_sonify.learn.answers import Answer, score_lines
from keras_sonify.learn.lessons import lessons
from keras_sonify.learn.plausible import KINDS, Kind, plausible_pair, plausible_run
from keras_sonify.learn.quiz import TOPICS, Question, by_chance, quiz
from keras_sonify.learn.sounds import pair_sound
from keras_sonify.score.note import Note
from keras_sonify.training.history import History
from keras_sonify.words.description import describe_run
from keras_sonify.words.verdict import judge

_JUDGED = {"converging": "improving", "diverged": "divergence"}
_ASKED = re.compile(r"^Question \d+ of \d+, (\S+): (.*)\n(.*)$", re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_plausible_run_is_what_it_is_said_to_be(kind: Kind) -> None:
    """By what the verdict says of it, whatever it is made from."""
    for seed in range(25):
        run = plausible_run(kind, Random(seed))
        history = History()
        for epoch, values in enumerate(zip(run.loss, run.val_loss, strict=True)):
            history.append(epoch, dict(zip(run.columns, values, strict=True)))

        judged = judge(describe_run(history))
        assert judged
        assert judged.kind == _JUDGED.get(kind, kind)


def test_of_a_plausible_pair_the_second_is_better() -> None:
    """At its best and at its end, by more than anybody could miss."""
    for seed in range(50):
        one, better = plausible_pair(Random(seed))

        assert better.end < 0.85 * one.end
        assert min(better.val_loss) < 0.85 * min(one.val_loss)


@pytest.fixture(scope="module")
def quizzes() -> list[list[Question]]:
    """Many quizzes, by their seeds."""
    return [quiz(seed) for seed in range(30)]


def test_a_quiz_asks_of_everything(quizzes: list[list[Question]]) -> None:
    """The same of a seed, other runs of another; no place of an answer is likelier."""
    assert quiz(3) == quizzes[3] != quizzes[4]
    places = Counter((q.topic, q.right) for all_ in quizzes for q in all_)
    choices = {q.topic: len(q.choices) for q in quizzes[0]}
    for topic in TOPICS:
        counts = [places[topic, place] for place in range(choices[topic])]
        expected = sum(counts) / len(counts)
        spread = sum((count - expected) ** 2 / expected for count in counts)
        assert spread < 18.5  # chi squared of four degrees of freedom: one in 1000
    for questions in quizzes:
        assert {question.topic for question in questions} == {*TOPICS}


def test_a_pair_is_heard_on_one_range() -> None:
    """The same value has the same pitch in both, however far one of them falls."""
    one, other = {"loss": [1.0, 0.5, 0.001]}, {"loss": [1.0, 0.5, 0.4]}

    heard = [note.frequency_hz for note in pair_sound(one, other) if note.metric]

    assert heard[:2] == heard[3:5]
    assert heard[2] < heard[5] < heard[4]


def learn(directory: Path, given: str, *options: str) -> Result:
    """Run the command with its sounds in a directory, and these keys."""
    arguments = ["--directory", str(directory), "--result", f"{directory}/learn.json"]
    return CliRunner().invoke(commands, ["learn", *arguments, *options], input=given)


@pytest.mark.parametrize("seed", [7, pytest.param(2026, marks=pytest.mark.slow)])
def test_who_hears_all_of_it_is_right(tmp_path: Path, seed: int) -> None:
    """A listener that knows but the sound scores 100 %; a result is never replaced."""
    options = ("--seed", str(seed))
    keys = "s\n" + "1\n" * 12
    asked = _ASKED.findall(learn(tmp_path, keys, *options, "--no-feedback").stdout)
    heard = [
        1 + answer(text, re.findall(r"\d: ([^;]+)", choices), tmp_path / name)
        for name, text, choices in asked
    ]

    told = learn(tmp_path, "s\n" + "".join(f"{key}\n" for key in heard), *options)

    assert told.exit_code == 0
    assert told.stdout.count("\nRight.\n") == len(asked) == 12
    assert "\n12 of 12 right. By guessing it would be about 3.\n" in told.stdout
    first, second = (
        json.loads((tmp_path / name).read_text(encoding="utf-8"))
        for name in ("learn.json", "learn-2.json")
    )
    assert (second["score"], second["answered"], second["seed"]) == (12, 12, seed)
    assert first["score"] == sum(each["is_right"] for each in first["answers"]) < 12


def test_who_guesses_scores_by_chance(quizzes: list[list[Question]]) -> None:
    """Within 3.3 standard errors (999 of 1000), a hundred takers of each quiz."""
    chance, expected, variance, right = Random(11), 0.0, 0.0, 0
    for questions in quizzes:
        shares = [1.0 / len(question.choices) for question in questions]
        expected += 100 * by_chance(questions)
        variance += 100 * sum(share * (1.0 - share) for share in shares)
        for _ in range(100):
            given = [chance.randrange(len(q.choices)) for q in questions]
            answers = [Answer(*pair) for pair in zip(questions, given, strict=True)]
            right += sum(each.is_right for each in answers)

    assert abs(right - expected) < 3.3 * math.sqrt(variance)
    assert 3.0 < expected / 100 / len(quizzes) < 3.7  # of 12


class Ears:
    """A loudspeaker that keeps what it is given."""

    plays = True
    keys = "keys"

    def __init__(self) -> None:
        self.heard: list[Sequence[Note]] = []

    def play(self, notes: Sequence[Note]) -> None:
        """Keep it."""
        self.heard.append(notes)

    def where(self, kind: str, number: int) -> str:
        """Return nothing: it is heard here."""
        return ""


def test_it_is_heard_as_often_as_one_likes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Examples and questions; no answer counts before its question was heard."""
    ears, examples, questions = Ears(), list(lessons())[:3], quiz(1)[:2]
    dialogue = Dialogue(ears, has_feedback=True)
    right = [str(1 + question.right) for question in questions]
    keys = ["", "r", "what", "", "s", right[0], "", "r", right[0], "", "9", "q"]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{key}\n" for key in keys)))

    dialogue.teach(examples)
    with pytest.raises(QuitError):
        dialogue.ask(questions)

    first, second = (example.notes for example in examples[:2])
    asked = [question.notes for question in questions]
    assert ears.heard == [first, first, second, asked[0], asked[0], asked[1]]
    assert [(each.is_right, each.plays) for each in dialogue.answers] == [(True, 2)]
    told = capsys.readouterr().out
    assert "Received: what\n" in told
    assert "Hear it first" in told
    assert "Received: 9\n" in told
    assert told.endswith("or q to end. Received: 9\n")


@pytest.mark.parametrize("keys", ["q\n", "", "s\nq\n", "s\n1\nq\n"])
def test_it_may_be_ended_at_any_time(tmp_path: Path, keys: str) -> None:
    """What was answered until then counts, and is kept."""
    told = learn(tmp_path, keys)

    assert told.exit_code == 0
    assert "\nEnded.\n" in told.stdout
    assert (" of 1 right." in told.stdout) == ("1" in keys)
    assert (tmp_path / "learn.json").exists() == ("1" in keys)


def test_the_code_of_the_study_reads_what_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By topic, with an interval in which the share lies."""
    learn(tmp_path / "results", "s\n" + "1\n" * 12, "--seed", "3")
    monkeypatch.chdir(tmp_path)
    (code,) = markdown.blocks(markdown.section("docs/listening-study.md"), "python")

    exec(code, {})  # noqa: S102 - our own page

    told = re.findall(
        r"(.*): (\d+)% of (\d+), (\d+)% to (\d+)%", capsys.readouterr().out
    )
    right = Counter(q.topic for q in quiz(3) if q.right == 0)
    assert {topic for topic, *_ in told} == {*TOPICS}
    for topic, share, count, least, most in told:
        assert int(share) == round(100 * right[topic] / int(count))
        assert int(least) <= int(share) <= int(most)


def test_mistakes_are_told() -> None:
    """Without any traceback, and with the way out."""
    both = ["--page", "a.html", "--directory", "b"]

    for arguments in (both, ["--directory", "/dev/null/x"], ["--page", "/dev/null/x"]):
        told = CliRunner().invoke(commands, ["learn", *arguments])
        assert told.exit_code in (1, 2)
        assert "Error: " in told.stderr


def test_nothing_answered_has_no_score() -> None:
    """It is said, not divided by."""
    question = Question("which figure", ("alarm", "end"), 1, ())

    assert score_lines([]) == ["No question was answered."]
    assert score_lines([Answer(question, 0)])[0].startswith("0 of 1 right. By guessing")
