"""Whatever becomes of the sound card, the helper or the disk: a run goes on."""

import os
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from device_faults import freeze, kill_helper, unplug
from digests import digest
from ear import listen
from programs import Program, children, run, sonify, wait_end
from table import FINISHED, check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

SHORT = sonify("""
    for epoch in range(3):
        sonifier.epoch(epoch, logs(epoch))
    sonifier.end()
""")

# Goes on after something has happened, until it is known that nothing sounds any
# more, and for some epochs more: a second warning would come then.
LONG = sonify("""
    sonifier.epoch(0, logs(0))
    sonifier.drain(10.0)
    sonifier.epoch(1, logs(1))
    print("ready")
    input()
    epoch = 1
    while not sonifier.is_silent and epoch < 120:
        epoch += 1
        sonifier.epoch(epoch, logs(epoch))
        time.sleep(0.1)
    for epoch in range(epoch + 1, epoch + 4):
        sonifier.epoch(epoch, logs(epoch))
    sonifier.end()
    print("epochs", epoch + 1)
""")


def check_end(program: Program, *warnings: str) -> None:
    """Assert that the run ended well and soon, with one warning of each kind."""
    assert program.status == 0
    assert program.exit_seconds < 2.0
    told = [
        [warning in line for warning in warnings].index(True)
        for line in program.warnings
    ]
    assert sorted(told) == list(range(len(warnings)))


def check_files(directory: Path, epochs: int) -> None:
    """Assert that the metrics' files hold all epochs, none is half written."""
    for metric in ("loss", "val_loss", "accuracy", "val_accuracy"):
        with wave.open(str(directory / f"{metric}.wav")) as file:
            assert file.getnframes() == epochs * 6615
    assert not list(directory.glob(".*"))


def without_portaudio(directory: Path) -> dict[str, str]:
    """Return an environment where sounddevice does not find PortAudio."""
    fake = directory / "fake"
    fake.mkdir()
    (fake / "sounddevice.py").write_text(
        "raise OSError('PortAudio library not found')\n",
    )
    return {**os.environ, "PYTHONPATH": str(fake)}


def without_device(directory: Path) -> dict[str, str]:
    """Return an environment where ALSA knows no device that is there."""
    (directory / "alsa.conf").write_text("pcm.none { type hw card 99 }\n")
    return {**os.environ, "ALSA_CONFIG_PATH": str(directory / "alsa.conf")}


def test_no_portaudio(tmp_path: Path) -> None:
    """Without the PortAudio library a run is silent, and told how to get it."""
    env = without_portaudio(tmp_path)

    program = run(SHORT, tmp_path, env)

    check_end(program, "the PortAudio library was not found")
    check_files(tmp_path / "sound", 3)


@pytest.mark.usefixtures("card_parts")
def test_no_device(tmp_path: Path) -> None:
    """Without any audio device a run is silent."""
    env = without_device(tmp_path)

    program = run(SHORT, tmp_path, env)

    check_end(program, "no audio device could be played on")
    check_files(tmp_path / "sound", 3)


@pytest.mark.usefixtures("card_parts")
def test_portaudio_aborts(tmp_path: Path) -> None:
    """What makes PortAudio abort its process does not touch the run."""
    env = without_device(tmp_path)
    (tmp_path / "alsa.conf").write_text("")  # a configuration of nothing

    program = run(SHORT, tmp_path, env)

    check_end(program, "the loudspeaker's process ended")
    check_files(tmp_path / "sound", 3)


def test_unknown_device(card: VirtualCard, tmp_path: Path) -> None:
    """Where the user has named a device that is not there, a run is silent."""
    env = {**card.env, "KERAS_SONIFY_DEVICE": "gramophone"}

    program = run(SHORT, tmp_path, env)

    check_end(program, "No live sound: No output device matching 'gramophone'")
    check_files(tmp_path / "sound", 3)


@pytest.mark.parametrize(
    ("happen", "warning"),
    [
        (kill_helper, "the loudspeaker's process ended"),
        (unplug, "the audio device is gone"),
        (freeze, "the audio device has stopped playing"),
    ],
)
def test_fault_in_mid_run(
    happen: Callable[[VirtualCard, int], None],
    warning: str,
    card: VirtualCard,
    tmp_path: Path,
) -> None:
    """What happens while a run sounds makes it silent, and no process is left."""
    with Program(LONG, tmp_path, card.env) as program:
        program.read_until("ready")
        card.wait_sound()
        (helper,) = children(program.pid)
        happen(card, helper)
        program.go_on()
        program.finish()

    check_end(program, warning)
    check_files(tmp_path / "sound", program.told("epochs"))
    assert wait_end(helper, 5.0)


def test_device_frozen_from_the_start(card: VirtualCard, tmp_path: Path) -> None:
    """A device that cannot even be opened makes a run silent after some seconds."""
    card.freeze()

    with Program(LONG, tmp_path, card.env) as program:
        program.read_until("ready")
        program.go_on()
        program.finish()

    check_end(program, "the audio device has stopped playing")
    check_files(tmp_path / "sound", program.told("epochs"))


def test_frozen_device_does_not_hold_up_the_end(
    card: VirtualCard,
    tmp_path: Path,
) -> None:
    """A short script ends beside a frozen device, and later the helper does too."""
    script = sonify("""
        sonifier.epoch(0, logs(0))
        sonifier.end()
        print("ready")
        input()
    """)
    card.freeze()

    with Program(script, tmp_path, card.env) as program:
        program.read_until("ready")
        (helper,) = children(program.pid)
        program.go_on()
        program.finish()

    check_end(program)
    check_files(tmp_path / "sound", 1)
    assert wait_end(helper, 15.0)


def test_the_next_run_sounds_again(card: VirtualCard, tmp_path: Path) -> None:
    """After a run that a fault made silent, the next one starts a new helper."""
    script = sonify("""
        sonifier.epoch(0, logs(0))
        print("ready")
        input()
        sonifier.drain(10.0)
        sonifier.end()
        sonifier.epoch(0, logs(0))
        sonifier.end()
    """)

    with Program(script, tmp_path, card.env) as program:
        program.read_until("ready")
        card.wait_sound()
        kill_helper(card, *children(program.pid))
        card.wait_quiet()
        second_run = card.frames
        program.go_on()
        program.finish()
    card.wait_quiet()

    rows = read_table(tmp_path / "sound", "live")
    heard = listen(card.samples(second_run), SAMPLE_RATE)
    check_heard(heard, rows + FINISHED)
    check_end(program, "the loudspeaker's process ended")


def test_directory_cannot_be_made(card: VirtualCard, tmp_path: Path) -> None:
    """Where a file stands in the directory's place a run is only heard."""
    (tmp_path / "sound").write_text("mine")

    program = run(SHORT, tmp_path, card.env)
    card.wait_quiet()

    check_end(program, "The run's files could not be written")
    assert (tmp_path / "sound").read_text() == "mine"
    assert listen(card.samples(), SAMPLE_RATE)[-1].pitch_hz == pytest.approx(1046.5)


def test_full_disk_spares_the_last_good_files(tmp_path: Path) -> None:
    """What cannot be written in full does not replace what was, and is no litter."""
    script = sonify(
        """
        import resource, shutil
        for run in range(2):
            for epoch in range(3):
                sonifier.epoch(epoch, logs(epoch + run))
                time.sleep(0.2)
            sonifier.end()
            if run == 0:
                shutil.copytree("sound", "before")
            # No file may grow to the size of a single tone.
            resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    """,
        player=None,
    )

    program = run(script, tmp_path)

    check_end(program, "The run's files could not be written")
    check_files(tmp_path / "sound", 3)
    for before in (tmp_path / "before").glob("*.wav"):
        assert digest(tmp_path / "sound" / before.name) == digest(before)


def test_each_kind_of_fault_is_told_once(tmp_path: Path) -> None:
    """Two kinds of trouble in one run are two warnings."""
    (tmp_path / "sound").write_text("mine")
    env = without_portaudio(tmp_path)

    program = run(SHORT, tmp_path, env)

    check_end(program, "the PortAudio library", "files could not be written")
