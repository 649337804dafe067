"""What to listen for in the demo, and what was heard."""

from collections.abc import Sequence

_LISTEN_FOR = (
    "What to listen for:",
    "- Left is training, right is validation; first the losses, then the accuracies.",
    "- Each is two tones: its best value so far, then the one of this epoch.",
    "- At first the second tone of a loss falls, of an accuracy rises: a new best.",
    "- Later that of the validation loss rises, further and further: it overfits.",
)
# By the word, and without it by its figure.
_EVENTS = {
    True: '- Three falling tones, "overfitting": it is noticed. Four rising: the end.',
    False: "- Three falling tones: that is noticed. Four rising ones: the end.",
}


def listen_for(*, words: bool) -> list[str]:
    """Return lines that say what there is to be heard, each fit for a terminal.

    Args:
        words: Boolean. Whether words are spoken.
    """
    return [*_LISTEN_FOR, _EVENTS[words]]


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
