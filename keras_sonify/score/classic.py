"""The style `"classic"`: the blog post that started this, number by number.

All of its switches stand here; nothing turns them but it and styles made from it.
`Style` says what they do, `tests/recipe.py` how the post did it.
"""

from keras_sonify.score.style import Style

CLASSIC = Style(
    # One cosine of 0.15 s after the other, cut off hard at both ends.
    sample_rate=22_050,
    fade=0.0,
    # 1000 to 3000 Hz, linear, from the metric's own minimum to its maximum.
    low_hz=1000.0,
    high_hz=3000.0,
    pitch="linear",
    scaling="own",
    # A peak of 10 000 of 32 767 at every pitch, in mono, cast to integers.
    amplitude=10_000 / 32_767,
    equal_loudness=False,
    low_partials=False,
    odd_partials=False,
    pan=0.0,
    dither=False,
    # The post knows no best value, no news and no steps.
    reference=0.0,
    quiet_gain_db=0.0,
    texture=False,
    # Nor live cues and noise: they are what they were when the style was made.
    gap=0.06,
    noise_gain_db=-3.0,
)
