"""What somebody hears first on a live page: what better, worse and alarm sound like."""

from typing import TypedDict


class Greeting(TypedDict):
    """What sounds when sound is enabled, once, before all cues.

    Attributes:
        said: The same in words.
        sound: FLAC in Base64.
    """

    said: str
    sound: str
