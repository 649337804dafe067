"""What comes first on a stream that was just opened is heard from its beginning."""

from pathlib import Path

import numpy as np
from browser import until
from ear import listen
from first_second import lead_in_seconds, swallowed
from programs import Program, children, hasten, run, sockets, sonify
from table import FINISHED, check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard


def test_no_figure_of_the_first_cue_is_swallowed(
    card: VirtualCard, tmp_path: Path
) -> None:
    """Nor of those that follow at once; between them, on a warm stream, is silence."""
    script = sonify("""
        for values in ({"loss": float("nan")}, logs(1)):
            sonifier.epoch(0 if "accuracy" not in values else 1, values)
            sonifier.drain(10.0)
        sonifier.end()
    """)

    program = run(script, tmp_path, card.env)
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live") + FINISHED
    heard = listen(swallowed(card.samples()), SAMPLE_RATE)
    check_heard(heard, rows)
    assert [row.kind for row in rows].count("nan_loss") == 5
    first = int(heard[0].onset * SAMPLE_RATE)
    assert lead_in_seconds(card.samples()[:first]) > 0.9
    assert lead_in_seconds(card.samples(first)) == 0.0
    assert program.warnings == []


# An epoch, and another one when the test says so.
TWICE = sonify("""
    sonifier.epoch(0, logs(0))
    sonifier.drain(10.0)
    print("ready")
    input()
    sonifier.epoch(1, logs(1))
    sonifier.drain(10.0)
    while sonifier.is_silent:
        time.sleep(0.1)
    sonifier.drain(10.0)
    sonifier.end()
""")


def test_a_device_that_was_let_go_is_woken_again(
    card: VirtualCard, tmp_path: Path
) -> None:
    """After a minute without a cue the next one loses nothing either."""
    env = {**card.env, **hasten(tmp_path, "keras_sonify.live.speaker", 60)}

    with Program(TWICE, tmp_path, env) as program:
        program.read_until("ready")
        (helper,) = children(program.pid)
        until(lambda: not sockets(helper))
        let_go = card.frames
        program.go_on()
        program.finish()
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live") + FINISHED
    heard = swallowed(card.samples(), [0, let_go])
    check_heard(listen(heard, SAMPLE_RATE), rows)


def test_a_device_that_comes_back_is_woken_again(
    card: VirtualCard, tmp_path: Path
) -> None:
    """One that was unplugged is as new."""
    with Program(TWICE, tmp_path, card.env) as program:
        program.read_until("ready")
        (helper,) = children(program.pid)
        card.unplug()
        until(lambda: not sockets(helper))  # it has met that
        card.plug_in()
        back = card.frames
        program.go_on()
        program.finish()
    card.wait_quiet()

    rows = [row for row in read_table(tmp_path / "sound", "live") if row.epoch == 1]
    heard = swallowed(card.samples(), [0, back])[back:]
    check_heard(listen(heard, SAMPLE_RATE), rows + FINISHED)
    assert np.abs(card.samples(back)).max() > 0.0
