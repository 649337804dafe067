"""When what could not be played is tried again, and what is told of it."""

from keras_sonify.live.play_queue import Sound
from keras_sonify.live.queued_player import QueuedPlayer


class _Player(QueuedPlayer):
    """A player that plays nothing."""

    queue_name = "nobody"
    tries_again = True

    def close(self, timeout: float) -> None:
        """Do nothing."""

    def deliver(self, sound: Sound) -> str | None:
        """Do nothing."""


def test_it_is_tried_ever_more_seldom() -> None:
    """After one second at first, at last after a minute; anew when it has worked."""
    player = _Player()
    now, pauses = 100.0, []
    for _ in range(12):
        player.note("No sound.", now)
        pauses.append(player.next_try - now)
        now = player.next_try
    player.note(None, now)
    player.note("No sound.", now)

    assert pauses[0] == player.next_try - now == 1.0
    assert pauses == sorted(pauses)
    assert pauses[-1] == 60.0
    assert sum(pauses[:4]) <= 5.0


def test_a_trouble_keeps_the_words_of_its_beginning() -> None:
    """What is tried again fails otherwise: told is why it went."""
    player = _Player()
    player.note("It went.", 0.0)
    player.note("It is still away.", 1.0)

    assert player.trouble == "It went."
    player.note(None, 2.0)
    assert player.trouble is None
