"""The way from a run to its live page, whatever becomes of either."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import pytest
from browser import until
from live_page import Training, address_of, cmd, free_port, page_env, server_of, servers
from live_page_listener import Listener, is_served, stalled
from programs import Program, sonify, wait_end

pytestmark = pytest.mark.alone  # what a run is held up for is timed in its program


def test_runs_share_one_page(tmp_path: Path) -> None:
    """However many runs a program makes, their page is one, told once."""
    script = sonify(
        """
        for run in range(3):
            sonifier.begin()
            sonifier.epoch(0, logs(0))
            sonifier.end()
        print("ready")
        input()
        """,
        "browser",
    )
    with Program(script, tmp_path, page_env()) as program:
        program.read_until("ready")
        first = server_of(program.pid)  # the only one
        program.go_on()
        program.finish()

    assert program.output.count("Hear this training at") == 1
    assert wait_end(first, 5.0)


def test_the_end_reaches_the_page(tmp_path: Path) -> None:
    """A script that ends at once has sent its last cue, and how the run has ended."""
    script = sonify(
        """
        sonifier.begin(3)
        input()
        sonifier.epoch(0, logs(0))
        sonifier.end("stopped_early")
        """,
        "browser",
    )
    with Program(script, tmp_path, page_env()) as program:
        address = address_of(program)
        server = server_of(program.pid)
        with Listener(address) as listener:
            program.go_on()
            program.finish()
            until(lambda: listener.is_over)

    state = [content for kind, content, _ in listener.events if kind == "state"][-1]
    assert state["status"] == "Training stopped early after epoch 1 of 3"
    assert [said.split(":")[0] for said in listener.said] == [
        "Epoch 1 of 3",
        "Training stopped early after epoch 1 of 3",
    ]
    assert listener.kinds[-1] == "bye"
    assert program.exit_seconds < 2.0
    assert wait_end(server, 5.0)


def test_a_killed_program_leaves_nothing_behind(tmp_path: Path) -> None:
    """After `kill -9` pages are told that it is over, and the server ends."""
    with Training(tmp_path, page_env(), 2) as training:
        server = server_of(training.pid)
        with Listener(training.address) as listener:
            training.step()
            training.signal(signal.SIGKILL)
            until(lambda: listener.is_over)

    assert listener.kinds[-1] == "bye"
    assert wait_end(server, 5.0)


def test_stalled_listeners_do_not_hold_up_the_training(tmp_path: Path) -> None:
    """Beside five that never read, epochs end as fast and one that reads gets all."""
    with ExitStack() as stack:
        training = stack.enter_context(Training(tmp_path, page_env(), 4))
        for _ in range(5):
            stack.enter_context(stalled(training.address))
        listener = stack.enter_context(Listener(training.address))
        training.step(4)
        until(lambda: listener.epochs == 4)

    arrived = [at for kind, _, at in listener.events if kind == "cue"]
    late = [at - begun for at, begun in zip(arrived, training.begun, strict=True)]
    assert max(late) < 1.0
    assert median(training.taken) < 0.1  # who waits for one that stalls waits longer


def thaw(pid: int) -> None:
    """Let a frozen process of ours go on, should it still be there."""
    if b"keras_sonify.live.server" in cmd(pid):
        os.kill(pid, signal.SIGCONT)


def test_a_frozen_server_is_replaced(tmp_path: Path) -> None:
    """One that takes in nothing more is ended, and the next is at the same address."""
    script = sonify(
        """
        sonifier.begin()
        input()
        taken = []
        for epoch in range(6):  # what sounds as noise is more than a pipe holds
            values = dict.fromkeys(logs(epoch), float("nan"))
            begun = time.monotonic()
            sonifier.epoch(epoch, values)
            taken.append(time.monotonic() - begun)
            time.sleep(0.5)
        print("taken", json.dumps(taken))
        print("ready")
        input()
        """,
        "browser",
    )
    with (
        ExitStack() as stack,
        Program(script, tmp_path, page_env(port=free_port())) as program,
    ):
        address = address_of(program)
        first = server_of(program.pid)
        os.kill(first, signal.SIGSTOP)
        stack.callback(thaw, first)  # what is frozen never ends by itself
        program.go_on()
        program.read_until("ready")
        assert wait_end(first, 1.0)
        until(lambda: is_served(address))
        with Listener(address) as listener:
            until(lambda: listener.epochs == 6)

    assert max(program.told("taken")) < 0.5
    assert program.warnings == []


def test_a_server_that_keeps_dying_is_given_up(tmp_path: Path) -> None:
    """After the fifth there is one warning and no more page, but the run goes on."""
    with Training(tmp_path, page_env(), 4) as training:
        for _ in range(5):
            until(lambda: len(servers(training.pid)) == 1)
            (server,) = servers(training.pid)
            os.kill(server, signal.SIGKILL)
            assert wait_end(server, 5.0)
        training.step(4)
        training.end()
        left = servers(training.pid)

    assert left == []
    assert training.status == 0
    (warning,) = training.warnings
    assert warning.startswith("No more live page")
    assert max(training.taken) < 0.5
    assert (tmp_path / "sound" / "loss.wav").exists()


def test_a_storm_of_epochs(tmp_path: Path) -> None:
    """Of a thousand epochs in two seconds few are heard, the newest among them."""
    script = sonify(
        """
        sonifier.begin(1000)
        input()
        taken = []
        for epoch in range(1000):
            begun = time.perf_counter()
            sonifier.epoch(epoch, {"loss": 1.0 / (epoch + 1)})
            taken.append(time.perf_counter() - begun)
            time.sleep(0.001)
        player = sonifier._run.outputs[-1]
        sonifier.drain(10.0)
        print("taken", json.dumps(taken))
        print("counts", json.dumps([player.played, player.dropped]))
        sonifier.end()
        """,
        "browser",
    )
    with (
        Program(script, tmp_path, page_env()) as program,
        Listener(address_of(program)) as listener,
    ):
        program.go_on()
        program.finish()
        until(lambda: listener.is_over)

    played, dropped = program.told("counts")
    epochs = [said.split(":")[0] for said in listener.said]
    assert listener.epochs == 1000
    assert epochs[-2] == "Epoch 1000 of 1000"
    assert played == len(epochs) - 1 < 30
    assert played + dropped == 1000
    assert listener.kinds.count("state") < 30
    assert median(program.told("taken")) < 0.005


def test_a_page_that_could_not_be_had_is_tried_again(tmp_path: Path) -> None:
    """Where no file could be opened for a while, the page comes with a later epoch."""
    script = sonify(
        """
        import os, resource
        sonifier = Sonifier(directory=None, player="browser")
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        held = os.open("/dev/null", os.O_RDONLY)
        resource.setrlimit(resource.RLIMIT_NOFILE, (held + 1, hard))
        sonifier.begin(30)
        sonifier.epoch(0, logs(0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        for epoch in range(1, 6):
            time.sleep(0.5)
            sonifier.epoch(epoch, logs(epoch))
        print("ready")
        input()
        """,
        "browser",
    )
    with Program(script, tmp_path, page_env()) as program:
        address = address_of(program)
        program.read_until("ready")
        with Listener(address) as listener:
            until(lambda: listener.epochs == 6)
        program.go_on()
        program.finish()

    (warning,) = program.warnings
    assert warning.startswith("No live page: its process did not start")
    assert warning.endswith("It is tried again.")
