"""Which words can be spoken, and how long each lasts. Written by `scripts/words`."""

SECONDS: dict[str, float] = {
    "ahead": 0.34,
    "alarm": 0.67,
    "behind": 0.58,
    "better": 0.28,
    "crashed": 0.40,
    "diverging": 0.64,
    "finished": 0.39,
    "interrupted": 0.69,
    "learning rate": 0.64,
    "levelled off": 0.71,
    "new best": 0.48,
    "not a number": 0.74,
    "oscillating": 0.74,
    "overfitting": 0.73,
    "spike": 0.43,
    "stalled": 0.48,
    "stopped early": 0.72,
    "stuck": 0.39,
    "the program died": 0.97,
    "worse": 0.49,
}
"""Length of each word in seconds, as it lies in `sound/spoken/`."""
