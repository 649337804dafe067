"""Examples and questions as one page, which holds its sounds and needs nothing else."""

import json
from collections.abc import Sequence
from html import escape

from keras_sonify.learn.lessons import lessons
from keras_sonify.learn.quiz import quiz
from keras_sonify.page.assets import LEARN_SCRIPT, asset, source_hash
from keras_sonify.page.cues import page_rate
from keras_sonify.score.note import Note
from keras_sonify.score.style import CLEAR


def learn_page(seed: int, version: str, *, has_feedback: bool) -> str:
    """Return the page.

    Args:
        seed: That of the quiz.
        version: What the answers are said to come from.
        has_feedback: Boolean. Whether it is told at once what is right.
    """
    examples, questions = list(lessons()), quiz(seed)
    script = asset(*LEARN_SCRIPT)
    style = asset("colours.css", "base.css", "learn.css")
    data = {
        "seed": seed,
        "version": version,
        "has_feedback": has_feedback,
        "questions": [
            {
                "topic": question.topic,
                "asked": question.asked,
                "choices": question.choices,
                "right": question.right,
            }
            for question in questions
        ],
    }
    items = (
        f"<li><p>{escape(example.text)}</p>"
        f'<button type="button">Hear example {place}</button></li>'
        for place, example in enumerate(examples, start=1)
    )
    sounds = [
        *(_sound("example", place, each.notes) for place, each in enumerate(examples)),
        *(
            _sound("question", place, each.notes)
            for place, each in enumerate(questions)
        ),
    ]
    return asset("learn.html").format(
        policy=(
            f"default-src 'none'; script-src {source_hash(script)}; "
            f"style-src {source_hash(style)}; base-uri 'none'; form-action 'none'"
        ),
        style=style,
        script=script,
        count=len(questions),
        lessons="".join(items),
        data=json.dumps(data).replace("<", "\\u003c"),
        sounds="\n".join(sounds),
    )


def _sound(kind: str, place: int, notes: Sequence[Note]) -> str:
    """Return a sound as a block of text, which costs nothing until it is used."""
    from keras_sonify.sound.flac import flac_text
    from keras_sonify.sound.synth import render

    rate = page_rate(CLEAR)
    frames = render(notes, sample_rate=rate, channels=2, fade=CLEAR.fade)
    text = flac_text(frames, rate)
    return f'<script type="text/plain" id="{kind}-{place}">{text}</script>'
