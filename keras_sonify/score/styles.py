"""The styles that have names."""

from keras_sonify.score.classic import CLASSIC
from keras_sonify.score.style import CLEAR, Style

STYLES = {"clear": CLEAR, "classic": CLASSIC}


def resolve_style(style: object) -> Style:
    """Return the style of that name, or the given one.

    Raises:
        ValueError: If there is no style of that name.
    """
    if isinstance(style, Style):
        return style
    if not isinstance(style, str) or style not in STYLES:
        raise ValueError(
            f"Unrecognized style. Expected one of {tuple(STYLES)} or a `Style`. "
            f"Received: style={style!r}",
        )
    return STYLES[style]
