"""A page in one file, filled with what it says, shows and lets be heard."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from keras_sonify.page.assets import REPORT_SCRIPT, REPORT_STYLE, asset, source_hash
from keras_sonify.page.best import BestPoint
from keras_sonify.page.state import Happening, State
from keras_sonify.page.tracks import Track
from keras_sonify.page.values import KeptByPoint, paragraphs
from keras_sonify.score.heard import Heard
from keras_sonify.training.axis import STEPS
from keras_sonify.training.foreign import shown

MOST_LISTED = 200
"""Events that a page lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a page says, shows and lets be heard.

    Attributes:
        title: What the page is called.
        heading: The verdict.
        about: Where it comes from.
        told: How it went, a paragraph each.
        legend: What picture and sound mean.
        kept: What the page holds, if not all: HTML.
        picture: The curves: SVG.
        table: The values: HTML.
        state: What happened, and its points in words.
        tracks: What is played from beginning to end; the first one is there at once.
        best: The best point; `None` if there is none.
        pair: Of runs that are compared, the places of the two best among the tracks.
    """

    title: str
    heading: str
    about: str
    told: Sequence[str]
    legend: str
    kept: str
    picture: str
    table: str
    state: State
    tracks: Sequence[Track]
    best: BestPoint | None = None
    pair: tuple[int, ...] = ()


def fill(heard: Heard, cues: KeptByPoint, content: Content) -> str:
    """Return a page.

    Args:
        heard: What is heard of it.
        cues: The points that it lets be heard one by one, by index.
        content: What it says and shows.
    """
    script = asset(*REPORT_SCRIPT)
    style = asset(*REPORT_STYLE)
    axis, events = heard.run.axis, content.state["events"]
    return asset("report.html").format(
        policy=(
            f"default-src 'none'; script-src {source_hash(script)}; "
            f"style-src {source_hash(style)}; media-src data:; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        ),
        title=_text(content.title),
        style=style,
        script=script,
        heading=_text(content.heading),
        about=_text(content.about),
        status=_text(content.state["status"]),
        told=paragraphs(content.told),
        whole=_text(content.tracks[0].label),
        summary=content.tracks[0].sound,
        options="".join(
            f'<option value="{place}">{_text(track.label)}</option>'
            for place, track in enumerate(content.tracks)
        ),
        last=len(cues) - 1,
        unit=axis.unit,
        title_unit=axis.unit.capitalize(),
        no_best="" if content.best else " hidden",
        no_events="" if heard.run.notable else " hidden",
        legend=_text(content.legend),
        kept=content.kept,
        curves=content.picture,
        events=_events(events, len(heard.run.notable)),
        table=content.table,
        data=_data(heard, content, cues),
        sounds=_sounds(content.tracks, cues),
    )


def _text(text: str) -> str:
    """Return a text, whatever it is, as nothing but text."""
    return escape(shown(text))


def _events(listed: Sequence[Happening], count: int) -> str:
    if not listed:
        return "<p>Nothing out of the ordinary.</p>"
    # The script makes buttons of them: without one there is nothing to press.
    items = "".join(f"<li>{_text(each['text'])}</li>" for each in listed)
    more = count - len(listed)
    rest = f"<p>And {more} more, in score.csv.</p>" if more > 0 else ""
    return f"<ol>{items}</ol>{rest}"


def _data(heard: Heard, content: Content, cues: KeptByPoint) -> str:
    """Return what the script needs, as JSON that cannot end its element.

    It is the state that a live page is sent, less the picture, which the page holds,
    and besides what can be played.
    """
    state = content.state
    windows = [cue.windows for cue in cues.values()]
    data = {
        **state,
        "best": content.best.middle if content.best else None,
        "pair": content.pair,
        "tracks": [
            {
                "label": shown(sound.label),
                "metrics": [shown(name) for name in sound.metrics],
                "stepped": sound.stepped,
                "parts": sound.parts,
                "edges": sound.edges,
                "note": _note(heard, sound),
            }
            for sound in content.tracks
        ],
        "points": [
            {**told, "windows": times}
            for told, times in zip(state["points"], windows, strict=True)
        ],
    }
    return json.dumps(data).replace("<", "\\u003c")


def _note(heard: Heard, sound: Track) -> str:
    """Return what is said of a track besides its label."""
    axis = heard.run.axis
    if not sound.condensed or len(sound.metrics) > 1 or axis is STEPS:
        return ""
    return f" Several {axis.units} share a tone; its own file has them all."


def _sounds(sounds: Sequence[Track], cues: KeptByPoint) -> str:
    """Return the sounds as blocks of text, which cost nothing until they are used."""
    blocks = [(f"track-{place}", sound.sound) for place, sound in enumerate(sounds)]
    blocks += [(f"cue-{step}", cue.sound) for step, cue in enumerate(cues.values())]
    return "\n".join(
        f'<script type="text/plain" id="{name}">{text}</script>'
        for name, text in blocks
        if name != "track-0"  # stands in its audio element
    )
