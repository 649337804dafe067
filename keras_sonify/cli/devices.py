"""`keras-sonify devices`."""

import os

import click

from keras_sonify.cli.tell import tell


@click.command()
@click.option("--test", "device", metavar="DEVICE", help="Play test tones on it.")
def devices(device: str | None) -> None:
    """List the devices that can play, or play a tone on one.

    \b
    Examples:
      keras-sonify devices
      keras-sonify devices --test default
      keras-sonify devices --test 3
    The device of a training is the default one, or the one that the environment
    variable KERAS_SONIFY_DEVICE names by its index or a part of its name.
    """  # noqa: D301
    from keras_sonify.live.advice import sound_advice
    from keras_sonify.live.loudspeaker import list_devices

    answer = list_devices()
    if "error" in answer:
        raise click.ClickException(sound_advice(answer["error"], answer["message"]))
    if not answer["devices"]:
        raise click.ClickException(sound_advice("none", "none found"))
    if device is not None:
        _play_test_tones(device)
        return
    for output in answer["devices"]:
        default = ", default" if output["is_default"] else ""
        tell(
            f"{output['index']}: {output['name']}, {output['channels']} channels, "
            f"{output['sample_rate_hz']:.0f} Hz{default}",
        )


def _play_test_tones(device: str) -> None:
    from keras_sonify.live.loudspeaker import DEVICE_VARIABLE
    from keras_sonify.live.speaker_player import SpeakerPlayer
    from keras_sonify.score.earcons import left_and_right
    from keras_sonify.score.style import CLEAR

    if device != "default":
        os.environ[DEVICE_VARIABLE] = device
    player = SpeakerPlayer(CLEAR.fade)
    player.play(left_and_right(CLEAR), keep=True)
    player.drain(timeout=15.0)
    if player.trouble:
        raise click.ClickException(player.trouble)
    tell("Played 440 Hz on the left, then 660 Hz on the right.")
