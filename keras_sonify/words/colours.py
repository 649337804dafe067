"""Colours on a terminal: on words that say the same, so that nobody needs them."""

import re

# By what the words say: what is broken is red, what goes wrong yellow, the best green.
_RED, _YELLOW, _GREEN = 31, 33, 32
_SAID = {
    _RED: (
        "NaN",
        "infinite",
        "diverging",
        "It diverged",
        "crashed",
        "died",
    ),
    _YELLOW: ("overfitting", "overfits", "it has not learnt yet", "It has not learnt"),
    _GREEN: ("best so far", "ended at its best", "It improved to the end"),
}
_COLOUR_OF = {words: colour for colour, all_ in _SAID.items() for words in all_}
# A line may end between two words. What is part of a path, or quoted, is a name.
_FOUND = re.compile(
    r"(?<![\w/\\.'\"-])(?:"
    + "|".join(words.replace(" ", r"\s+") for words in _COLOUR_OF)
    + r")(?![\w/\\-]|\.\w)"
)


def coloured(text: str) -> str:
    r"""Return a text with colours for a terminal on the few words that matter most.

    >>> coloured("Epoch 2: loss 0.5, best so far")
    'Epoch 2: loss 0.5, \x1b[32mbest so far\x1b[0m'
    """
    return _FOUND.sub(_colour, text)


def _colour(found: re.Match[str]) -> str:
    colour = _COLOUR_OF[" ".join(found[0].split())]
    return f"\x1b[{colour}m{found[0]}\x1b[0m"
