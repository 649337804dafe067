"""A loudspeaker that has failed is tried again, and what comes then is heard."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from device_faults import freeze, kill_helper, unplug
from ear import listen
from programs import Program, children, run, sonify
from table import FINISHED, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

# An epoch each half second, told when it is heard again; its last cue rings out.
AGAIN = sonify("""
    sonifier.epoch(0, logs(0))
    print("ready")
    input()
    epoch = was_silent = 0
    while epoch < 100 and not (was_silent and not sonifier.is_silent):
        epoch += 1
        sonifier.epoch(epoch, logs(epoch))
        time.sleep(0.5)
        if sonifier.is_silent and not was_silent:
            was_silent = True
            print("silent")
            input()
    print("back", epoch)
    for epoch in range(epoch + 1, epoch + 3):
        sonifier.drain(10.0)
        sonifier.epoch(epoch, logs(epoch))
    sonifier.end()
""")


def check_told(program: Program, *warnings: str) -> None:
    """Assert that the run ended well and soon, with these warnings in this order."""
    assert program.status == 0
    assert program.exit_seconds < 2.0
    assert len(program.warnings) == len(warnings)
    for told, meant in zip(program.warnings, warnings, strict=True):
        assert meant in told


@pytest.mark.parametrize(
    ("happen", "undo", "warning"),
    [
        (unplug, VirtualCard.plug_in, "the audio device is gone"),
        (freeze, VirtualCard.thaw, "the audio device has stopped playing"),
        (kill_helper, lambda _: None, "the loudspeaker's process ended"),
    ],
)
def test_what_went_comes_back(
    happen: Callable[[VirtualCard, int], None],
    undo: Callable[[VirtualCard], None],
    warning: str,
    card: VirtualCard,
    tmp_path: Path,
) -> None:
    """Both are told once, and every epoch after it is back is heard."""
    with Program(AGAIN, tmp_path, card.env) as program:
        program.read_until("ready")
        card.wait_sound()
        (helper,) = children(program.pid)
        happen(card, helper)
        program.go_on()
        program.read_until("silent")
        undo(card)
        program.go_on()
        program.read_until("back")
        back = card.frames
        program.finish()
    card.wait_quiet()

    check_told(program, warning, "Live sound is back.")
    rows = read_table(tmp_path / "sound", "live")
    last = [row for row in rows if row.epoch > program.told("back")]
    heard = listen(card.samples(back), SAMPLE_RATE)
    pitches = [row.frequency_hz for row in last + FINISHED]
    assert [each.pitch_hz for each in heard[-len(pitches) :]] == pytest.approx(
        pitches, 0.003
    )


def test_a_device_that_comes_late_is_heard(card: VirtualCard, tmp_path: Path) -> None:
    """Where there is none at first, one that is plugged in later sounds."""
    card.unplug()

    with Program(AGAIN, tmp_path, card.env) as program:
        program.read_until("ready")
        program.go_on()
        program.read_until("silent")
        card.plug_in()
        program.go_on()
        program.finish()
    card.wait_quiet()

    assert listen(card.samples(), SAMPLE_RATE)[-1].pitch_hz == pytest.approx(1046.5)
    check_told(program, "no audio device could be played on", "Live sound is back.")


def test_a_device_that_stays_away_costs_little(
    card: VirtualCard, tmp_path: Path
) -> None:
    """One process tries it, ever more seldom, and is gone with the program."""
    script = sonify("""
        import os
        for epoch in range(40):
            sonifier.epoch(epoch, logs(epoch))
            time.sleep(0.1)
        print("ready")
        input()
        sonifier.end()
    """)
    card.unplug()

    with Program(script, tmp_path, card.env) as program:
        program.read_until("ready")
        (helper,) = children(program.pid)
        fields = Path(f"/proc/{helper}/stat").read_text().rpartition(")")[2].split()
        program.go_on()
        program.finish()

    check_told(program, "no audio device could be played on")
    seconds = sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
    assert seconds < 2.0


def test_who_ends_the_helper_wants_silence(card: VirtualCard, tmp_path: Path) -> None:
    """`pkill`, as docs/training.md says, mutes for good: it is not started again."""
    script = sonify("""
        sonifier.epoch(0, logs(0))
        sonifier.drain(10.0)
        print("ready")
        input()
        for epoch in range(1, 5):
            sonifier.epoch(epoch, logs(epoch))
            time.sleep(0.5)
        print("ready")
        input()
        sonifier.end()
    """)

    with Program(script, tmp_path, card.env) as program:
        program.read_until("ready")
        (helper,) = children(program.pid)
        os.kill(helper, signal.SIGTERM)
        program.go_on()
        program.read_until("ready")
        left = children(program.pid)
        program.go_on()
        program.finish()

    assert left == []
    check_told(program, "somebody has ended the loudspeaker's process.")
    assert "tried again" not in program.warnings[0]


def test_what_cannot_work_is_not_tried_again(tmp_path: Path) -> None:
    """Without PortAudio it is told once, that it is tried again is not."""
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "sounddevice.py").write_text("raise OSError('none')\n")
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "fake")}
    script = sonify("""
        for epoch in range(5):
            sonifier.epoch(epoch, logs(epoch))
            sonifier.drain(10.0)
            time.sleep(0.5)
        player = sonifier._run.outputs[-1]
        print("failures", player.failures)
        sonifier.end()
    """)

    program = run(script, tmp_path, env)

    check_told(program, "the PortAudio library was not found")
    assert "tried again" not in program.warnings[0]
    assert program.told("failures") == 1


def test_a_process_that_could_not_be_had_is_asked_for_again(
    card: VirtualCard, tmp_path: Path
) -> None:
    """Where no file could be opened for a while, later epochs are heard."""
    script = sonify("""
        import os, resource
        import numpy, keras_sonify.sound.synth  # what it needs is there
        sonifier = Sonifier(directory=None, player="speaker", words=False)
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        held = os.open("/dev/null", os.O_RDONLY)
        resource.setrlimit(resource.RLIMIT_NOFILE, (held + 1, hard))
        sonifier.epoch(0, {"loss": 1.0})
        time.sleep(0.5)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        for epoch in range(1, 6):
            sonifier.epoch(epoch, {"loss": 1.0 / epoch})
            time.sleep(0.5)
        sonifier.end()
    """)

    program = run(script, tmp_path, card.env)
    card.wait_quiet()

    assert program.status == 0
    heard = listen(card.samples(), SAMPLE_RATE)
    assert heard[-1].pitch_hz == pytest.approx(1046.5, 0.003)
    told, back = program.warnings
    assert "Too many open files" in told
    assert back == "Live sound is back."
