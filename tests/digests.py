"""What files hold, to be compared: of large ones a failed test would print the whole.

Where `CI` is set, pytest tells the difference line by line, which of some megabytes
takes hours.
"""

import hashlib
from pathlib import Path


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digests(directory: Path, *patterns: str) -> dict[str, str]:
    """Return the SHA-256 of each file of a directory, by its name.

    Args:
        directory: The directory.
        patterns: Which files. Defaults to all.
    """
    found = [path for one in patterns or ("*",) for path in directory.glob(one)]
    return {path.name: digest(path) for path in found if path.is_file()}
