"""What lies between the server and the page: bursts, sleep, a proxy with a prefix."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from browser import Browser, until
from live_page import Server, Training, page_env
from live_page_seen import (
    check_notes,
    enable_sound,
    heard_notes,
    open_page,
    text_of,
    wait_epochs,
    wait_over,
)
from table import FINISHED, Row, read_table
from virtual_card import VirtualCard

from keras_sonify.sound.flac import flac_text

RATE = 22_050


def tone(frequency_hz: float, length: float) -> str:
    """Return a tone in stereo as a cue holds it."""
    seconds = np.arange(round(length * RATE)) / RATE
    fade = np.minimum(1.0, np.minimum(seconds, seconds[::-1]) / 0.005)
    wave = 0.2 * fade * np.sin(2.0 * np.pi * frequency_hz * seconds)
    return flac_text(np.stack([wave, wave], axis=1), RATE)


def row(frequency_hz: float, length: float) -> Row:
    """Return what such a tone is to be heard as."""
    return replace(FINISHED[0], frequency_hz=frequency_hz, duration=length)


def test_a_burst_is_no_chord(browser: Browser, card: VirtualCard) -> None:
    """Cues that come all at once do not sound together: the newest wins, and events."""
    with Server() as server:
        page = open_page(browser, server.address)
        begun = enable_sound(page, card)
        server.cue("first", tone(400.0, 1.5))
        card.wait_sound()
        server.cue("second", tone(500.0, 0.3))
        server.cue("an event", tone(600.0, 0.3), event=True)
        server.cue("third", tone(700.0, 0.3))
        server.cue("fourth", tone(800.0, 0.3))
        until(lambda: text_of(page, ".ks-now") == "fourth")
        wait_over(card)
        burst = heard_notes(card, begun)
        begun = card.frames
        server.cue("and then", tone(300.0, 0.3))
        wait_over(card)

    check_notes(burst, [row(400.0, 1.5), row(600.0, 0.3), row(800.0, 0.3)])
    check_notes(heard_notes(card, begun), [row(300.0, 0.3)])


class _Proxy(BaseHTTPRequestHandler):
    """Passes on what is below /proxy/PORT/, as jupyter-server-proxy does."""

    protocol_version = "HTTP/1.1"
    seen: list[str] = []  # noqa: RUF012 - of the only test

    def do_GET(self) -> None:
        """Pass on a request without its prefix, and the answer as it comes."""
        self.seen.append(self.path)
        _, _, port, path = self.path.split("/", 3)
        inner = HTTPConnection("127.0.0.1", int(port), timeout=30)
        inner.request("GET", f"/{path}", headers=dict(self.headers))
        answer = inner.getresponse()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while part := answer.read1(1 << 16):
                self.wfile.write(part)
        except OSError:
            pass  # the page has gone
        finally:
            self.close_connection = True
            inner.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def proxy() -> Iterator[int]:
    """Run the proxy, and yield its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.block_on_close = False
        server.server_close()


def test_behind_a_proxy(browser: Browser, card: VirtualCard, tmp_path: Path) -> None:
    """Under a prefix, where the server knows nothing of it, the page works as ever."""
    with proxy() as port, Training(tmp_path, page_env(card.env), 3) as training:
        inner = urlsplit(training.address)
        prefix = f"/proxy/{inner.port}/"
        page = open_page(browser, f"http://127.0.0.1:{port}{prefix}?{inner.query}")
        begun = enable_sound(page, card)
        training.step(3)
        wait_epochs(page, 3)
        training.end()
        wait_over(card)

    check_notes(
        heard_notes(card, begun), read_table(tmp_path / "sound", "live") + FINISHED
    )
    assert all(path.startswith(prefix) for path in _Proxy.seen)
    assert len(_Proxy.seen) >= 2
