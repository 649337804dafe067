"""Whatever rate and channels a device takes, it plays, at the right pitch."""

import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run as run_command

import numpy as np
import pytest
from ear import cents, listen
from odd_card import KINDS, OddCard
from programs import run, sonify
from table import FINISHED, read_table


@pytest.fixture(params=list(KINDS))
def odd_card(
    card_parts: None,  # noqa: ARG001 - must come first
    request: pytest.FixtureRequest,
) -> Iterator[OddCard]:
    """A choosy sound card of the test's own."""
    with OddCard(KINDS[request.param]) as odd:
        yield odd


def test_any_device_plays(odd_card: OddCard, tmp_path: Path) -> None:
    """All tones of a run are heard, each within 5 cents, and nothing clips."""
    script = sonify("""
        for epoch in range(2):
            sonifier.epoch(epoch, logs(epoch))
            sonifier.drain(10.0)
        player = sonifier._run.outputs[-1]
        sonifier.end()
        player.drain(10.0)
    """)

    program = run(script, tmp_path, odd_card.env)

    odd_card.wait_end()
    samples, rate = odd_card.samples(), odd_card.kind.rate
    rows = read_table(tmp_path / "sound", "live") + FINISHED
    heard = listen(samples[:, :2], rate)
    assert program.warnings == []
    assert len(heard) == len(rows)
    for note, row in zip(heard, rows, strict=True):
        assert note.duration == pytest.approx(row.duration, abs=0.008)
        if note.duration > 0.07:  # of the short ones the ear cannot be sure
            assert abs(cents(note.pitch_hz, row.frequency_hz)) < 5.0
    assert np.abs(samples).max() < 1.0
    assert not samples[:, 2:].any()


def test_what_a_loud_device_takes_does_not_clip(tmp_path: Path) -> None:
    """Both sides at once are no louder than one channel holds, also with a gain."""
    script = """
        from keras_sonify import Sonifier
        sonifier = Sonifier(directory=None, player="speaker", gain_db=20.0)
        sonifier.epoch(0, {"loss": 1.0})
        sonifier.drain(10.0)
        player = sonifier._run.outputs[-1]
        sonifier.end()
        player.drain(10.0)
    """
    with OddCard(KINDS["mono"]) as card:
        program = run(script, tmp_path, card.env)
        card.wait_end()
        samples = card.samples()

    assert program.warnings == []
    assert 0.5 < np.abs(samples).max() <= 1.0


def test_the_test_tones_are_heard(odd_card: OddCard) -> None:
    """`keras-sonify devices --test` plays on such a device, too."""
    command = [sys.executable, "-m", "keras_sonify", "devices", "--test", "default"]

    told = run_command(
        command, env=odd_card.env, capture_output=True, text=True, check=False
    )

    odd_card.wait_end()
    heard = listen(odd_card.samples()[:, :2], odd_card.kind.rate)
    assert told.stdout.startswith("Played 440 Hz")
    assert [note.pitch_hz for note in heard] == pytest.approx([440.0, 660.0], 1e-3)
