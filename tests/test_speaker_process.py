"""The process that plays: shared by runs, and gone with the script."""

import signal
from pathlib import Path

from alarm import find_alarm
from browser import until
from ear import listen
from programs import (
    WATCHED,
    Program,
    children,
    hasten,
    is_running,
    run,
    sockets,
    sonify,
    wait_end,
)
from table import FINISHED, check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard


def test_runs_share_one_helper_process(card: VirtualCard, tmp_path: Path) -> None:
    """However many runs a process makes, one helper with one stream plays them."""
    script = sonify("""
        for run in range(2):
            sonifier.epoch(0, logs(0))
            sonifier.end()
        print("ready")
        input()
    """)

    with Program(script, tmp_path, card.env) as program:
        program.read_until("ready")
        helpers = children(program.pid)
        program.go_on()
        program.finish()
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live") + FINISHED
    check_heard(listen(card.samples(), SAMPLE_RATE), rows + rows)
    assert len(helpers) == 1


def test_helper_does_not_hold_the_output(card: VirtualCard, tmp_path: Path) -> None:
    """Whoever reads a script's output to its end need not wait for the last cue."""
    script = sonify("""
        sonifier.epoch(0, logs(0))
        sonifier.drain(10.0)
        print("ready")
        input()
        sonifier.epoch(1, logs(1))
        sonifier.end()
    """)

    with Program(script, tmp_path, card.env) as program:
        program.read_until("ready")
        (helper,) = children(program.pid)
        program.go_on()
        program.finish()  # reads its output to the end
        played_on = is_running(helper)

    assert played_on
    assert wait_end(helper, 10.0)


def test_a_killed_script_leaves_nothing_behind(
    card: VirtualCard,
    tmp_path: Path,
) -> None:
    """After `kill -9` a tone is played to its end, an alarm sounds, the helper ends."""
    script = sonify("""
        sonifier.epoch(0, logs(0))
        input()
    """)

    with Program(script, tmp_path, card.env) as program:
        card.wait_sound()
        (helper,) = children(program.pid)
        program.signal(signal.SIGKILL)
        program.finish()
    card.wait_quiet()

    heard = listen(card.samples(), SAMPLE_RATE)
    cue, alarm = heard[:-5], heard[-5:]
    assert 1 <= len(cue) <= 4
    assert all(0.14 < note.duration < 0.15 for note in cue)
    assert find_alarm(alarm) == alarm[0].onset
    assert wait_end(helper, 5.0)


_PLAYING = WATCHED + "    sonifier.epoch(0, logs(0))\n"


def test_ctrl_c_is_for_the_script_alone(card: VirtualCard, tmp_path: Path) -> None:
    """After Ctrl-C the cue that sounds is played to its end, then the end is told."""
    script = sonify(_PLAYING + "    time.sleep(60)")

    with Program(script, tmp_path, card.env) as program:
        card.wait_sound()
        program.press_ctrl_c()
        program.finish()
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live")
    check_heard(listen(card.samples(), SAMPLE_RATE), rows + FINISHED)
    assert "KeyboardInterrupt" in program.lines
    assert program.status == -signal.SIGINT


def test_many_open_files(card: VirtualCard, tmp_path: Path) -> None:
    """A training with more than a thousand open files is heard as any other."""
    script = sonify("""
        import resource
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(2048, hard), hard))
        files = [open("/dev/null") for _ in range(1100)]
        sonifier.epoch(0, logs(0))
        sonifier.end()
    """)

    program = run(script, tmp_path, card.env)
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live")
    check_heard(listen(card.samples(), SAMPLE_RATE), rows + FINISHED)
    assert program.warnings == []


def test_crash_is_heard(card: VirtualCard, tmp_path: Path) -> None:
    """An exception that ends the script sounds as an alarm, and passes."""
    script = sonify(_PLAYING + "    raise RuntimeError('mine')")

    program = run(script, tmp_path, card.env)
    card.wait_quiet()

    heard = listen(card.samples(), SAMPLE_RATE)
    check_heard(heard[:-5], read_table(tmp_path / "sound", "live"))
    assert find_alarm(heard) == heard[-5].onset
    assert program.lines[-1] == "RuntimeError: mine"
    assert program.status == 1


def test_a_long_epoch_lets_the_device_go(card: VirtualCard, tmp_path: Path) -> None:
    """After a minute without a cue the device is free; the next cue takes it again."""
    script = sonify("""
        sonifier = Sonifier(directory="sound", player="speaker", words=False)
        for epoch in range(2):
            sonifier.epoch(epoch, logs(epoch))
            sonifier.drain(10.0)
            print("ready")
            input()
        sonifier.end()
    """)
    env = {**card.env, **hasten(tmp_path, "keras_sonify.live.speaker", 60)}

    with Program(script, tmp_path, env) as program:
        program.read_until("ready")
        (helper,) = children(program.pid)
        until(lambda: not sockets(helper))
        program.go_on()
        program.read_until("ready")
        assert children(program.pid) == [helper]
        program.go_on()
        program.finish()
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live")
    check_heard(listen(card.samples(), SAMPLE_RATE), rows + FINISHED)
    assert program.warnings == []
