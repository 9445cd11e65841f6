"""Calls to a target."""

import pytest

from mockcbs.contract.targets import Pace
from tests.cli.test_contract import contract_of
from tests.conftest import NOW
from tests.contract.foreign import of_both, refused, served
from tests.contract.sockets import response


def test_pace(monkeypatch):
    """The kit keeps the interval between calls that the limit requires."""
    now, pauses = [100.0], []
    monkeypatch.setattr("mockcbs.contract.targets.time.monotonic", lambda: now[0])
    monkeypatch.setattr("mockcbs.contract.targets.time.sleep", pauses.append)
    pace = Pace(4)

    for step in (0, 0, 0.1, 5):
        now[0] += step
        pace.wait()

    assert pauses == pytest.approx([0, 0.25, 0.4, 0])


def test_who_cannot_be_found():
    """A host name that cannot be resolved is reported as unknown."""
    options = ["--project-id", "0" * 32, "--qabot-id", "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"]

    assert refused("https://cbs.invalid", *options).startswith("URL cannot be reached: ")


@of_both
def test_who_throttles_now_and_then(service, listen, monkeypatch):
    """A throttled call is repeated after the pause that the server requests, and breaks no clause."""
    pauses = []
    monkeypatch.setattr("mockcbs.contract.targets.time.sleep", pauses.append)
    calls = iter(range(10**6))
    wait = response(
        429, '{"error_msg":"slow down","error_code":"APIG.0308","request_id":"0"}', Retry_After="3"
    )

    url = listen(served(lambda _: next(calls) % 100 != 50 or wait))
    result = contract_of(f"--{service}", url, "--now", NOW, "--max-calls", 400)

    assert result.exit_code == {"cbs": 3, "coze": 0}[service], result.output
    assert pauses.count(3) == 4
