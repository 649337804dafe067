"""A script as users write it, with all that is public; `test_public.py` checks it."""

import dataclasses
from pathlib import Path

from keras_sonify import Rules, Sonifier, SonifyCallback, Style, compare, read_log
from keras_sonify.output import Output
from keras_sonify.score.cue import Cue
from keras_sonify.score.note import Note
from keras_sonify.testing import RecordingOutput
from keras_sonify.training.events import Event


class Lamp:
    """An output of the user's own."""

    def __init__(self) -> None:
        self.trouble: str | None = None
        self.colours: list[str] = []

    def epoch(self, cue: Cue, sentence: str, *, play: bool) -> None:
        """Show an epoch."""
        is_best = any(reading.is_best for reading in cue.readings)
        self.colours.append("green" if is_best and play else sentence)

    def event(self, event: Event, notes: tuple[Note, ...], sentence: str) -> None:
        """Show an event."""
        is_loud = any(note.gain_db > -20.0 for note in notes)
        self.colours.append(f"{event.kind} {is_loud} {sentence}")

    def close(self, timeout: float) -> None:
        """Go dark."""


def note_down(event: Event) -> None:
    """Be called with each event."""
    print(f"{event.kind} in epoch {event.epoch}: {event.text}, {event.sentence}")


def main() -> None:
    """Hear a run."""
    lines: list[str] = []
    recording = RecordingOutput()
    outputs: list[Output] = [Lamp(), recording]

    callback = SonifyCallback(
        metrics=["loss", "val_loss"],
        directory=Path("sonification") / "{run}",
        style=Style(low_hz=300.0, tone=0.2),
        player=["speaker", *outputs],
        append="auto",
        update_freq="epoch",
        monitor="val_loss",
        mode="min",
        earcons=["nan_loss", "finished"],
        on_event=lambda event: lines.append(event.sentence),
        verbose=1,
        rules=Rules(plateau_epochs=20, swing=0.1),
        gain_db=-6.0,
        primary=True,
    )
    SonifyCallback("loss", "sonification", verbose="auto", append=True, earcons=False)
    SonifyCallback(None, None, style="classic", player=None, append=False)
    print(callback.sonifier.settings.monitor)

    sonifier = Sonifier(
        metrics=None,
        directory="run",
        style=dataclasses.replace(Style(), high_hz=2000.0),
        player=outputs,
        append=True,
        monitor="loss",
        mode="auto",
        earcons=True,
        on_event=note_down,
        rules=None,
        gain_db=0.0,
        directions={"score": "max"},
    )
    sonifier.begin(epochs=3)
    for epoch, loss in enumerate([1.0, 0.5, float("nan")]):
        cue = sonifier.epoch(epoch, {"loss": loss, "score": 1}, learning_rate=0.1)
        if cue is not None:
            print(cue.epoch, [reading.value for reading in cue.readings])
    sonifier.flush(timeout=10.0)
    sonifier.drain(timeout=1.0)
    print(sonifier.is_silent, sonifier.last_epoch, len(sonifier.page().html) > 0)
    lines += sonifier.end("stopped_early")
    if sonifier.files is not None and sonifier.files.directory is not None:
        print(
            sonifier.files.directory.name, sonifier.files.names, sonifier.file_trouble
        )
    sonifier.close()

    print([event.kind for event in recording.happened], lines)
    print(recording.epochs[-1][1], recording.events[-1][2], recording.is_closed)

    warnings: list[str] = []
    for number, logs in read_log("run/log.csv", warn=warnings.append):
        print(number + 1, logs["loss"])
    Sonifier.from_history({"loss": [1.0, 0.5]}, directory="again", style="classic")

    told = compare("run/log.csv", {"loss": [1.0, 0.4]}, metric="loss", mode="min")
    print(told.winner, told.at_best.share, [lead.at.name for lead in told.leads], told)


if __name__ == "__main__":
    main()
