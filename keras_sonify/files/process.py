"""Which process writes a run, and what has become of it, as it is told from outside."""

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

Life = Literal["alive", "paused", "gone", "closed", "unknown"]
"""What has become of a run's process; `"closed"` if it took back that it writes one."""

_PROC = Path("/proc")
_STARTED = 19  # place in `stat`, after the name: ticks from the system's start


def this_process() -> dict[str, Any]:
    """Return what tells this process from all others, whatever number they get."""
    pid = os.getpid()
    state = _state(pid)
    return {
        "host": platform.node(),
        "system": _system(),
        "number": pid,
        "started": state[1] if state else None,
    }


def life_of(process: object) -> Life:
    """Return what has become of a process.

    Args:
        process: What `this_process` returned in it; may have been changed by hand.

    Returns:
        `"unknown"` where it ran elsewhere, or the system does not tell.
    """
    here = _system()
    # Where not even the first process is shown, none of other users is.
    if not isinstance(process, Mapping) or here is None or _state(1) is None:
        return "unknown"
    number, is_here = process.get("number"), process.get("system") == here
    if not is_here or process.get("host") != platform.node():
        return "unknown"
    state = _state(number) if isinstance(number, int) else None
    if state is None or state[1] != process.get("started") or state[0] in "ZX":
        return "gone"
    return "paused" if state[0] in "Tt" else "alive"


def _system() -> str | None:
    """Return what tells one system, since it was started, from others of its name.

    A container counts its processes anew: it is one of its own.
    """
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii")
        return f"{boot.strip()} {(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return None


def _state(pid: int) -> tuple[str, str] | None:
    """Return a process's state and when it was started; `None` if there is none."""
    try:
        stat = (_PROC / str(pid) / "stat").read_bytes()
        fields = stat.rpartition(b")")[2].decode("ascii").split()
        return fields[0], fields[_STARTED]
    except (OSError, ValueError, IndexError):
        return None
