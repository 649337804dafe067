"""Where a run's live page is: which port, which token, and that it is told."""

import socket
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from live_page import address_of, cmd, page_env, server_of
from live_page_listener import Listener
from programs import Program, run, sonify

OPEN = sonify("sonifier.begin()\nprint('open')\ninput()", "browser")
SHORT = sonify(
    """
    for epoch in range(3):
        sonifier.epoch(epoch, logs(epoch))
    sonifier.end()
    """,
    "browser",
)


def port_of(address: str) -> int:
    """Return the port of an address."""
    return urlsplit(address).port or 0


@pytest.mark.parametrize("asked", ["", "loud", "-1", "65536", "8765.0", " "])
def test_a_port_that_is_none(asked: str, tmp_path: Path) -> None:
    """What cannot be a port is as good as nothing: it is 8765 or one of the next."""
    env = {**page_env(), "KERAS_SONIFY_PORT": asked}
    with Program(OPEN, tmp_path, env) as program:
        assert 8765 <= port_of(address_of(program)) < 8765 + 20


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """Where the port asked for is taken, one of the next is used and told."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with Program(OPEN, tmp_path, page_env(port=port)) as program:
            address = address_of(program)
            Listener(address).__exit__()

    assert port < port_of(address) < port + 20


def test_no_port_is_free(tmp_path: Path) -> None:
    """Without any port there is one warning, and the run goes on without a page."""
    with ExitStack() as stack:
        for port in range(65_516, 65_536):
            stack.enter_context(closing(socket.create_server(("127.0.0.1", port))))
        program = run(SHORT, tmp_path, page_env(port=65_516))

    assert program.status == 0
    (warning,) = program.warnings
    assert warning.startswith("No live page: ")
    assert "KERAS_SONIFY_PORT chooses another port" in warning
    assert (tmp_path / "sound" / "loss.wav").exists()


def test_any_token_will_do(tmp_path: Path) -> None:
    """A token of any characters works in the address that is told, and stays secret."""
    token = "a b+c&d=é#%41/?"  # noqa: S105 - of tests
    with Program(OPEN, tmp_path, page_env(token=token)) as program:
        with Listener(address_of(program)) as listener:
            assert listener.kinds[0] == "state"
        assert token.encode() not in cmd(server_of(program.pid))


def test_each_program_has_a_token_of_its_own(tmp_path: Path) -> None:
    """Where none is asked for, nobody can guess it, nor learn it from the last one."""
    with (
        Program(OPEN, tmp_path, page_env(token="")) as first,
        Program(OPEN, tmp_path, page_env(token="")) as second,
    ):
        tokens = [urlsplit(address_of(each)).query for each in (first, second)]

    assert tokens[0] != tokens[1]
    assert all(len(token.removeprefix("token=")) >= 24 for token in tokens)
