"""A typical listener: whether the step from one tone to the next is heard, which way.

A model, not people. Sound leaves a loudspeaker, reaches the ear amid noise, and rises
above the threshold there by so much; the less, the more uncertain its pitch. Of a tone
with partials the one that serves best counts, but it must be heard in both tones.

Coefficients are as they are commonly cited. What is called chosen was set on
the sound of the first edition (pure tones from 220 Hz), to come near what another such
model had found of it on the same runs: of the project's trainings, in the order of the
places below, 92.6, 88.8, 86.4, 66.5, 69.0 and 54.9 % of the improvements are heard, and
there it was 93, 89, 84, 67, 68 and 57.
"""

from dataclasses import dataclass

import numpy as np
from ear import Sound
from iso_226 import threshold_db
from loudspeakers import Loudspeaker
from scipy.special import ndtr

# At the ear. Chosen: a calm level, near that of speech across a room.
_TONE_DB = 55.0  # SPL of a 1 kHz tone
_NOISE_DBA = 45.0  # an office with people in it

# Hoth's room noise (ITU-T P.800, IEEE 269): density at 1 kHz if it is 50 dB(A) in all.
_HOTH_DB, _HOTH_DBA, _HOTH_DB_PER_OCTAVE = 16.2, 50.0, -5.0
# Signal re noise in an auditory filter where a tone is just heard. Chosen, near the -3
# of Moore, Glasberg and Baer 1997, which are for one ear and from 1 kHz upwards.
_JUST_HEARD_DB = -4.0
# The ear adds energy up for so long: Plomp and Bouman 1959, Florentine 1988.
_ADDED_UP = 0.2  # seconds

# The limen for frequency. Over the level: its logarithm falls with one over the
# sensation level (Nelson, Stanton and Freyman 1983; so do Micheyl, Xiao and Oxenham
# 2012). Over frequency: Wier, Jesteadt and Green 1977. Over duration: chosen after
# Moore 1973, by the square root.
_PER_SENSATION_DB, _LEAST_SENSATION_DB = 5.056, 1.0
_PER_ROOT_HZ = 0.026
# What a listener's uncertainty is given for. Chosen: a pair of 80 and 150 ms, in the
# middle of the pitches of then, in quiet.
_USUAL_HZ, _USUAL_SECONDS = 622.0, 2 / (1 / 0.08 + 1 / 0.15)
_USUAL_SENSATION_DB = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one listens.

    Attributes:
        name: What it is called.
        loudspeaker: What plays; `None` for a flat one.
        is_quiet: Whether there is no noise.
    """

    name: str
    loudspeaker: Loudspeaker | None = None
    is_quiet: bool = False

    def sensation_db(self, frequencies_hz: Sound, energies_db: Sound) -> Sound:
        """Return how far sounds are above what is just heard here.

        Args:
            frequencies_hz: Their frequencies.
            energies_db: Their energies re a 1 kHz tone of one second.
        """
        levels_db = _TONE_DB + energies_db - 10 * np.log10(_ADDED_UP)
        if self.loudspeaker is not None:
            levels_db = levels_db - self.loudspeaker.loss_db(frequencies_hz)
        sensation: Sound = levels_db - self._threshold_db(frequencies_hz)
        return sensation

    def _threshold_db(self, frequencies_hz: Sound) -> Sound:
        quiet_db = threshold_db(frequencies_hz)
        if self.is_quiet:
            return quiet_db
        density_db = office_density_db(frequencies_hz)
        # Equivalent rectangular bandwidth: Glasberg and Moore 1990.
        width_hz = 24.7 * (4.37e-3 * frequencies_hz + 1)
        masked_db = density_db + 10 * np.log10(width_hz) + _JUST_HEARD_DB
        both: Sound = 10 * np.log10(10 ** (quiet_db / 10) + 10 ** (masked_db / 10))
        return both


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who listens. All are chosen, around the 35 cents of untrained ears.

    Attributes:
        name: What they are called.
        sigma_cents: How uncertain an interval is where all is well heard.
        criterion_cents: From which interval on it is taken for a step.
    """

    name: str
    sigma_cents: float
    criterion_cents: float


TYPICAL = Listener(name="typical", sigma_cents=27.0, criterion_cents=30.0)
WEAK = Listener(name="weak", sigma_cents=70.0, criterion_cents=35.0)
TRAINED = Listener(name="trained", sigma_cents=8.0, criterion_cents=15.0)

QUIET = Place(name="flat, quiet", is_quiet=True)
OFFICE = Place(name="flat, office")
LAPTOP = Place(name="laptop 400/12, office", loudspeaker=Loudspeaker(2, 400.0))
STEEP_LAPTOP = Place(name="laptop 500/24, office", loudspeaker=Loudspeaker(4, 500.0))
PHONE = Place(name="phone 700/12, office", loudspeaker=Loudspeaker(2, 700.0))
STEEP_PHONE = Place(name="phone 800/18, office", loudspeaker=Loudspeaker(3, 800.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of tones, as they leave the player.

    Attributes:
        pitches_hz: Array of shape `(pairs, 2)`.
        energies_db: Energy of each partial, the fundamental first, re a 1 kHz tone
            of one second. Array of shape `(pairs, 2, partials)`; -inf for none.
        seconds: How long they last. Array of shape `(pairs, 2)`.
        steps_cents: Interval from the first to the second, positive where it goes the
            way that it should. Array of shape `(pairs,)`.
    """

    pitches_hz: Sound
    energies_db: Sound
    seconds: Sound
    steps_cents: Sound


def office_density_db(frequencies_hz: Sound) -> Sound:
    """Return the spectrum of the office's noise, in dB SPL per Hz."""
    octaves = np.log2(frequencies_hz / 1000)
    density: Sound = _HOTH_DB + _NOISE_DBA - _HOTH_DBA + _HOTH_DB_PER_OCTAVE * octaves
    return density


def chances(pairs: Pairs, place: Place, listener: Listener) -> tuple[Sound, Sound]:
    """Return how likely each pair's step is heard the right way; 0 if it is not heard.

    Returns:
        The chances, and which pairs are audible: two arrays of shape `(pairs,)`.
    """
    numbers = np.arange(1, pairs.energies_db.shape[2] + 1)
    frequencies_hz = pairs.pitches_hz[..., None] * numbers
    sensation_db = place.sensation_db(frequencies_hz, pairs.energies_db)
    limens = _limens(frequencies_hz, sensation_db, pairs.seconds[..., None])
    # An interval is as uncertain as both of its tones.
    spreads = np.sqrt(np.mean(limens**2, axis=1))
    spreads[(sensation_db <= 0).any(axis=1)] = np.inf
    best = spreads.min(axis=1)
    audible = np.isfinite(best)
    sigmas = listener.sigma_cents * np.where(audible, best, 1.0)
    heard = ndtr((pairs.steps_cents - listener.criterion_cents) / sigmas)
    return np.where(audible, heard, 0.0), audible


def _limens(frequencies_hz: Sound, sensation_db: Sound, seconds: Sound) -> Sound:
    """Return the limens for frequency, in cents, re that of a usual tone."""
    inverse = 1 / np.maximum(sensation_db, _LEAST_SENSATION_DB)
    level = _PER_SENSATION_DB * (inverse - 1 / _USUAL_SENSATION_DB)
    roots = np.sqrt(frequencies_hz) - np.sqrt(_USUAL_HZ)
    limens: Sound = (
        10 ** (level + _PER_ROOT_HZ * roots)
        * (_USUAL_HZ / frequencies_hz)
        * np.sqrt(_USUAL_SECONDS / seconds)
    )
    return limens
