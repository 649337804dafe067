"""One process trains and logs steps, another listens to its folder, on a sound card."""

import signal
from pathlib import Path

from ear import listen
from programs import Program
from table import check_heard, read_table
from virtual_card import SAMPLE_RATE, VirtualCard

from keras_sonify import read_log

STEPS = 300

WRITER = f"""
import math
import time
from pathlib import Path
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

writer = EventFileWriter("runs")
for step in range(1, {STEPS} + 1):
    loss = 1.0 + math.exp(-step / 100)
    told = Summary.Value(tag="train/loss", simple_value=loss)
    epoch = Summary.Value(tag="epoch", simple_value=0.0)
    summary = Summary(value=[told, epoch])
    writer.add_event(Event(step=10 * step, summary=summary))
    writer.flush()
    time.sleep(0.04)
writer.close()
"""

LISTEN = """
import signal
from keras_sonify.cli import main

# Whoever runs in the background ignores Ctrl-C, and so do those whom it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""


def test_the_steps_of_a_growing_folder_are_heard(
    card: VirtualCard, tmp_path: Path
) -> None:
    """A cue every four seconds, whole; each stands for all steps since the last one."""
    arguments = ("listen", "runs", "-o", "heard")

    with Program(LISTEN, tmp_path, card.env, arguments) as listener:
        listener.read_until("Listening to runs.")
        with Program(WRITER, tmp_path) as training:
            training.finish()
        for _ in range(3):
            listener.read_until("Step ")
        card.wait_quiet()
        listener.signal(signal.SIGINT)
        listener.finish()
    card.wait_quiet()

    rows = read_table(tmp_path / "heard", "live")
    check_heard(listen(card.samples(), SAMPLE_RATE), rows)
    cues = sorted({row.step for row in rows if row.step is not None})
    kept = list(read_log(tmp_path / "heard"))
    assert listener.status == 0
    assert len(cues) >= 3
    assert [step for step, _ in kept] == [10 * k for k in range(1, STEPS + 1)]
