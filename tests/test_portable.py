"""What only some systems have is not needed: tried with all of it taken away."""

from pathlib import Path

from programs import run

# What Windows has not, of what is asked for by a name.
_ELSEWHERE = """
import os, signal, socket, sys
import asyncio, shutil, subprocess  # they ask before for what they do without there
import anywidget, click, numpy, soundfile, starlette, uvicorn

for name in ("fcntl", "grp", "posix", "pty", "pwd", "resource", "termios"):
    sys.modules[name] = None
for home, names in {
    os: "fork geteuid getuid killpg mkfifo openpty register_at_fork setsid statvfs "
    "sched_getaffinity set_blocking ttyname O_CLOEXEC O_NOCTTY O_NONBLOCK",
    signal: "SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGSTOP SIGUSR1",
    socket: "AF_UNIX",
}.items():
    for name in names.split():
        delattr(home, name)
os.environ["PULSE_SERVER"] = "unix:/nowhere"

import importlib, pathlib
import keras_sonify
from keras_sonify.live.advice import sound_advice
from keras_sonify.live.terminal import Terminal, terminal_path

root = pathlib.Path(keras_sonify.__file__).parent
for file in root.rglob("*.py"):
    parts = ("keras_sonify", *file.relative_to(root).with_suffix("").parts)
    # Keras is not ours; and `__main__` is a command, not a module.
    if not {"callback", "demo_training", "__main__"}.intersection(parts):
        importlib.import_module(".".join(parts).removesuffix(".__init__"))

print(sound_advice("device", "none"))
Terminal(terminal_path()).close()
sonifier = keras_sonify.Sonifier("all", "run", player=None)
sonifier.epoch(0, {"loss": 1.0, "nul": 1.0, "aux:é": 2.0})
print(sonifier.end())
print("trouble", sonifier.file_trouble)
"""


def test_nothing_is_needed_that_only_some_systems_have(tmp_path: Path) -> None:
    """All modules load, and a run is recorded, without what Windows lacks."""
    program = run(_ELSEWHERE, tmp_path)

    assert program.warnings == []
    assert "trouble None" in program.lines
    assert any("does not answer" in line for line in program.lines)
    names = {path.name for path in (tmp_path / "run").glob("*.wav")}
    assert names == {"training.wav", "loss.wav", "nul_.wav", "aux_é.wav"}
