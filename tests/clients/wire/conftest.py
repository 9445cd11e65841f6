"""A connection to the default server."""

import contextlib
import socket

import pytest

from tests.clients.wire.talking import Answers, connect


@pytest.fixture
def talk(server):
    """Send bytes to the default server; read its answers."""
    with contextlib.ExitStack() as stack:

        def talk(*pieces: bytes) -> Answers:
            connection = connect(server)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stack.callback(connection.close)
            answers = Answers(connection)
            stack.callback(answers.close)
            for piece in pieces:
                connection.sendall(piece)
            return answers

        yield talk
