"""Live sound, from a script to what comes out of the sound card."""

import os
from contextlib import ExitStack
from pathlib import Path

from ear import listen
from programs import Program, run, sonify
from table import FINISHED, check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard


def test_every_note_of_every_epoch_is_heard(card: VirtualCard, tmp_path: Path) -> None:
    """What is heard is what the timing table lists, note by note, then the end."""
    script = sonify("""
        for epoch in range(3):
            sonifier.epoch(epoch, logs(epoch))
            sonifier.drain(10.0)
        player = sonifier._run.outputs[-1]
        sonifier.end()
        player.drain(10.0)
        print("counts", [player.played, player.dropped, player.underflows])
    """)

    program = run(script, tmp_path, card.env)
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live")
    check_heard(listen(card.samples(), SAMPLE_RATE), rows + FINISHED)
    assert len(rows) == 4 + 2 * 8  # the first epoch has nothing to refer to
    assert program.told("counts") == [4, 0, 0]
    assert program.warnings == []


def test_a_busy_machine_plays_without_a_gap(
    card: VirtualCard,
    tmp_path: Path,
) -> None:
    """A training that keeps all cores busy does not make its sound ragged."""
    script = sonify("""
        for epoch in range(2):
            sonifier.epoch(epoch, logs(epoch))
            sonifier.drain(10.0)
        sonifier.end()
    """)

    with ExitStack() as busy:
        for _ in range(os.cpu_count() or 1):
            busy.enter_context(Program("while True: pass", tmp_path))
        run(script, tmp_path, card.env)
        card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live")
    check_heard(listen(card.samples(), SAMPLE_RATE), rows + FINISHED)


def test_the_newest_epoch_wins(card: VirtualCard, tmp_path: Path) -> None:
    """Epochs that outrun their cues are left out, which is told once at the end."""
    script = sonify("""
        for epoch in range(2):
            sonifier.drain(10.0)
            sonifier.epoch(epoch, logs(epoch))
        time.sleep(0.3)  # the second cue is being played
        for epoch in range(2, 8):
            sonifier.epoch(epoch, logs(epoch))
        print("lines", json.dumps(sonifier.end()))
    """)

    program = run(script, tmp_path, card.env)
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live")
    heard = [row for row in rows if row.epoch in (0, 1, 7)]
    check_heard(listen(card.samples(), SAMPLE_RATE), heard + FINISHED)
    told = [line for line in program.told("lines") if "not played" in line]
    assert len(told) == 1
    assert told[0].startswith("5 cues were not played live")


def test_the_last_cue_rings_out(card: VirtualCard, tmp_path: Path) -> None:
    """A script that ends at once does not cut its last cue, nor wait for it."""
    script = sonify("""
        sonifier.epoch(0, logs(0))
        sonifier.end()
    """)

    program = run(script, tmp_path, card.env)
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live")
    check_heard(listen(card.samples(), SAMPLE_RATE), rows + FINISHED)
    assert program.status == 0
    assert program.exit_seconds < 2.0


def test_what_has_no_pitch_is_noise(card: VirtualCard, tmp_path: Path) -> None:
    """NaN and infinities sound as noise, and what comes after them as it should."""
    script = sonify("""
        blown_up = {"loss": float("nan"), "val_loss": float("inf")}
        for epoch, values in enumerate([blown_up, {**logs(1), **blown_up}, logs(2)]):
            sonifier.epoch(epoch, values)
            sonifier.drain(10.0)
        sonifier.end()
    """)

    program = run(script, tmp_path, card.env)
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live")
    check_heard(listen(card.samples(), SAMPLE_RATE), rows + FINISHED)
    noises = [(row.epoch, row.metric) for row in rows if row.kind == "nan"]
    assert [row.kind for row in rows].count("nan_loss") == 5  # the alarm
    assert noises == [(e, name) for e in (0, 1) for name in ("loss", "val_loss")]
    assert program.warnings == []
