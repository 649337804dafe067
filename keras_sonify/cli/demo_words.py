"""What to listen for in the demo, and what was heard."""

from collections.abc import Sequence

LISTEN_FOR = """\
What to listen for:
- Each metric is two tones: a short soft one, the best value so far, then the value of
  this epoch. Left is training, right is validation. First the losses, then the
  accuracies.
- At first the second tone of each loss falls below its first: a new best.
- Later the validation loss on the right rises above its best, further and further,
  while the training loss on the left goes on falling: overfitting.
- Three falling tones after an epoch's own: overfitting is noticed, and told in a line.
- Four quick rising tones: finished."""


def what_was_heard(validation: Sequence[float], tone: float) -> list[str]:
    """Return lines that say which epoch sounded how, and where it is in the files.

    Args:
        validation: The validation loss, epoch by epoch.
        tone: Length of a tone in the files, in seconds.
    """
    last = len(validation)
    best = validation.index(min(validation)) + 1
    lines = [
        f"Epochs 1 to {best}: the losses fell, each a new best; the network learnt."
        if best > 1
        else "Epoch 1 had the best validation loss.",
    ]
    if best < last:
        rise = validation[-1] / min(validation) - 1
        lines.append(
            f"Epochs {best + 1} to {last}: the validation loss rose to "
            f"{100 * rise:.0f} percent above its best while the training loss went on "
            "falling: overfitting.",
        )
    lines.append(
        f"In val_loss.wav each epoch is a tone of {tone:g} seconds; the lowest, "
        f"epoch {best}, begins at {(best - 1) * tone:.2f} seconds.",
    )
    return lines
