"""One request, answered without a socket."""

import time

import pytest
import requests

from tests.testing.calls import get


def test_a_timeout_is_not_waited_for(mock):
    """A latency beyond the client's timeout is a timeout at once; a shorter one is waited for."""
    mock.scenario({"rules": [{"latency": {"fixed_ms": 60_000}}]})
    began = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        get(timeout=30)
    gave_up = time.monotonic() - began
    mock.scenario({"rules": [{"latency": {"fixed_ms": 100}}]})
    began = time.monotonic()
    status = get(timeout=(1, 5)).status_code

    assert gave_up < 30
    assert status == 200
    assert time.monotonic() - began > 0.1


@pytest.mark.parametrize("body", ["text", b"bytes", iter([b"pieces"])])
def test_bodies_of_every_kind_arrive(mock, body):
    """Text, bytes, and what is made piece by piece."""
    requests.post("https://iam.myhuaweicloud.com/v3/auth/tokens", data=body, timeout=5)

    assert mock.journal[-1].call.body in {"text", "bytes", "pieces"}
