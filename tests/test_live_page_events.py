"""From a run to a screen reader: the live page speaks what happened, and only that."""

from pathlib import Path

import pytest
from browser import Browser, spoken, until
from live_page import address_of, page_env
from live_page_seen import open_page
from programs import Program, sonify

_EVENTFUL = """
    sonifier = Sonifier("loss", None, player="browser", {settings})
    sonifier.begin(14)
    input()
    for epoch in range(14):
        loss = float("nan") if epoch == 13 else 2.0 * 0.8**epoch
        rate = 1.0 if epoch < 5 else 0.1
        values = {{"loss": loss, "val_loss": 2.0 * 0.7**epoch}}
        sonifier.epoch(epoch, values, learning_rate=rate)
        sonifier.drain(10.0)
    sonifier.end()
    print("over")
    input()
"""


@pytest.mark.parametrize("settings", ["", "earcons=False"])
def test_events_only_are_events(
    browser: Browser, tmp_path: Path, settings: str
) -> None:
    """Events are spoken, whether they sound or not, and no ordinary epoch is.

    Of those that come while another one is spoken, the newest; an alarm is at once.
    """
    script = sonify(_EVENTFUL.format(settings=settings))

    with Program(script, tmp_path, page_env()) as program:
        page = open_page(browser, address_of(program))
        program.go_on()
        program.read_until("over")
        until(lambda: "finished" in spoken(page)[-1])
        told = [line for line in spoken(page) if not line.startswith("Epoch 11: ")]

    assert told == [
        "Epoch 6: learning rate lowered from 1 to 0.1",
        "Epoch 14: loss is NaN",
        "Training finished after epoch 14 of 14",
    ]
    assert browser.errors == []
