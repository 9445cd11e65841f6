"""The client under examination: a command, or a function."""

import os
import sys
import threading
from decimal import Decimal

import pytest

from mockcbs.core.errors import UserError
from mockcbs.examining.client import Command, Function
from tests.waiting import until

PRINT = f"{sys.executable} -c 'import os,sys; print(sys.argv[1], os.environ[\"MORE\"])'"


def test_a_command_gets_its_words():
    """A command gets words in its arguments and its environment."""
    client = Command(f"{PRINT} {{start}}", timeout=20)

    said = client.run({"start": "2026-11-02", "end": "x"}, {"MORE": "yes"})

    assert (said.status, said.stdout) == (0, "2026-11-02 yes\n")
    assert client.words == {"start"}
    assert said.command.endswith("2026-11-02")


def test_a_command_that_does_not_end_is_ended():
    """A command that exceeds the timeout is killed with all processes that it has started."""
    client = Command("sh -c 'echo begun; sleep 60'", timeout=2)

    said = client.run({}, {})

    assert (said.status, said.stdout) == (None, "begun\n")


def test_running_commands_can_be_stopped():
    """After commands were stopped, no new one is started."""
    client = Command("sleep 600", timeout=600)
    stopping = threading.Thread(target=lambda: (until(lambda: client._running), client.stop()))
    stopping.start()

    said = client.run({}, {})

    stopping.join()
    assert said.status not in {0, None}
    with pytest.raises(KeyboardInterrupt):
        client.run({}, {})


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("", "is empty"),
        ("'", "cannot be parsed"),
        ("/no/such/program", "cannot run"),
        ("x {strat}", "start"),
    ],
)
def test_commands_that_cannot_be(template, reason):
    """The reason names the problem of the command."""
    with pytest.raises(UserError, match=reason):
        Command(template, timeout=1).run({}, {})


def test_a_function_prints_what_it_returns():
    """The returned rows are the output of a function; an exception is a reported failure."""

    def read(words):
        if words.start == "bad":
            raise ValueError("no such day")
        return [{"n": Decimal("1.5"), "zone": os.environ["TZ"]}]

    client = Function(read, ["start"])

    assert client.run({"start": "x"}, {"TZ": "UTC"}).stdout == '[{"n": 1.5, "zone": "UTC"}]'
    failed = client.run({"start": "bad"}, {"TZ": "UTC"})
    assert (failed.status, failed.stderr) == (1, "ValueError: no such day")


@pytest.mark.parametrize(("code", "status"), [(2, 1), ("no data", 1), (0, 0), (None, 0)])
def test_a_function_that_exits_has_a_status(code, status):
    """`sys.exit` in a function ends its run, not the exam."""
    client = Function(lambda _: sys.exit(code), [])

    assert client.run({}, {}).status == status
