"""What may happen to a device, and to the process that plays on it."""

import os
import signal

from virtual_card import VirtualCard


def unplug(card: VirtualCard, _: int) -> None:
    """Take the sound card away."""
    card.unplug()


def freeze(card: VirtualCard, _: int) -> None:
    """Let the sound card hang."""
    card.freeze()


def kill_helper(_: VirtualCard, helper: int) -> None:
    """Kill the process that plays."""
    os.kill(helper, signal.SIGKILL)
