"""A training that dies is heard to, whatever it dies of; and only then."""

import os
import signal
import time
from pathlib import Path

import pytest
from alarm import DEATHS, WELL, Death, Ending, find_alarm
from ear import cents, listen
from programs import Program, children, hasten, is_running, run, sonify, wait_end
from virtual_card import SAMPLE_RATE, VirtualCard

DIED = "Training died after epoch 3: its program is gone."


@pytest.mark.parametrize("how", DEATHS.values(), ids=DEATHS)
def test_a_death_is_heard(how: str, card: VirtualCard, tmp_path: Path) -> None:
    """The alarm sounds within two seconds, a line tells it, and nothing is left."""
    death = Death(how, card, tmp_path)

    assert death.alarm is not None
    assert death.alarm < 2.0
    # SIGTERM leaves it the time to say so itself.
    told = "Training crashed after epoch 3" if "SIGTERM" in how else DIED
    assert death.output.count(told) == 1
    assert death.helper_is_gone


def test_a_death_in_the_first_epoch_is_heard(card: VirtualCard, tmp_path: Path) -> None:
    """A run is watched over from its beginning."""
    script = sonify("""
        import os
        sonifier.begin(5)
        while not sonifier._run.outputs[-1].watch.has_begun:
            time.sleep(0.01)
        time.sleep(1.0)  # until the helper, which has been told, has taken note
        os._exit(1)
    """)

    program = run(script, tmp_path, card.env)
    card.wait_sound()
    card.wait_quiet()

    assert find_alarm(listen(card.samples(), SAMPLE_RATE)) is not None
    assert "Training died in its first epoch: its program is gone." in program.lines


@pytest.mark.parametrize("how", WELL.values(), ids=WELL)
def test_no_false_alarm(how: str, card: VirtualCard, tmp_path: Path) -> None:
    """What ends well, or by an exception of its own, has not died."""
    ending = Ending(how, card, tmp_path)

    assert not ending.has_alarmed
    assert ending.helper_is_gone


def test_workers_do_not_hide_a_death(card: VirtualCard, tmp_path: Path) -> None:
    """Forked workers hold the helper's pipe: it is heard, and ends all the same."""
    script = sonify("""
        import os, signal
        sonifier.epoch(0, logs(0))
        sonifier.drain(10.0)
        worker = os.fork()
        if not worker:
            os.close(1), os.close(2)
            time.sleep(60)
        print("worker", worker)
        input()
        os.kill(os.getpid(), signal.SIGKILL)
    """)

    with Program(script, tmp_path, card.env) as program:
        program.read_until("worker")
        worker = program.told("worker")
        helpers = [pid for pid in children(program.pid) if pid != worker]
        program.go_on()
        program.wait()
        begun = card.frames
        is_gone = wait_end(helpers[0], 4.0)
        outlived = is_running(worker)
        os.kill(worker, signal.SIGKILL)
        program.finish()
    card.wait_quiet()

    alarm = find_alarm(listen(card.samples(begun), SAMPLE_RATE))
    assert outlived
    assert is_gone
    assert alarm is not None
    assert alarm < 2.0


def test_a_hang_is_told_once_and_that_it_goes_on(
    card: VirtualCard, tmp_path: Path
) -> None:
    """A training that stands still is told of, even if none of its threads runs."""
    script = sonify("""
        sonifier.begin()
        watch, epoch, heard_of = sonifier._run.outputs[-1].watch, 0, 0
        while epoch < 3 or not heard_of:
            heard_of += watch.has_begun  # on a busy machine only after some epochs
            sonifier.epoch(epoch, {"loss": 1.0 / (epoch + 1)})
            epoch += 1
            time.sleep(0.3)
        sonifier.drain(10.0)
        print("ready")
        input()
        sonifier.epoch(epoch, {"loss": 1.0 / (epoch + 1)})
        sonifier.end()
    """)
    env = {**card.env, **hasten(tmp_path, "keras_sonify.live.speaker", 20)}

    with Program(script, tmp_path, env) as program:
        program.read_until("ready")
        program.signal(signal.SIGSTOP)
        program.read_until("Nothing new for")
        time.sleep(1.0)  # longer than it took to tell it
        program.signal(signal.SIGCONT)
        program.go_on()
        program.finish()
    card.wait_quiet()

    assert program.output.count("stalled?") == 1
    assert program.output.count("Training goes on.") == 1
    heard = listen(card.samples(), SAMPLE_RATE)
    middle = [note for note in heard if abs(note.pan) < 0.1]  # no tone of the loss
    assert sum(abs(cents(note.pitch_hz, 784.0)) < 5.0 for note in middle) == 3 + 1
