"""What the cues of real trainings show, decoded as they would be recorded live."""

import numpy as np
import pytest
from blind_listener import decode_cue, to_cents
from ear import listen
from live import RATE, Shown, cues_of, listen_live, shares
from rendered import as_epochs, read_trainings

from keras_sonify.score.style import CLEAR
from keras_sonify.sound.synth import render


@pytest.fixture(scope="module")
def shown() -> Shown:
    """What the cues of all trainings show together."""
    total = Shown()
    for log in read_trainings().values():
        total.add(listen_live(as_epochs(log)))
    return total


def test_changes_are_heard_and_standing_still_is_no_drama(shown: Shown) -> None:
    """Improvements, worsenings and plateaus show in 98, 99 and 100 % of the cases."""
    better, worse, equal = shares(shown)

    assert shown.better[1] > 1000
    assert shown.worse[1] > 1000
    assert shown.equal[1] > 1000
    assert better >= 0.98
    assert worse >= 0.99
    assert equal == 1.0


def test_references_and_tones_have_their_pitch(shown: Shown) -> None:
    """Every tone of every cue is heard within 5 cents, 95 % within 2."""
    found = shown.errors

    assert max(found) <= 5.0
    assert np.quantile(found, 0.95) <= 2.0


def test_praat_hears_the_same_intervals() -> None:
    """Praat agrees with the listener on references and tones, to a tenth of a cent."""
    log = read_trainings()["overfitting_02"]
    for cue in cues_of(as_epochs(log)[:20], None):
        frames = render(cue.notes, sample_rate=RATE, channels=2, fade=CLEAR.fade)

        figures = decode_cue(frames, RATE)

        pairs = [
            pitch for figure in figures for pitch in (figure.reference, figure.tone)
        ]
        heard = [to_cents(note.pitch_hz) for note in listen(frames, RATE)]
        assert [p for p in pairs if p is not None] == pytest.approx(heard, abs=0.1)
