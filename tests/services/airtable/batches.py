"""Records for tests of batches."""

import pytest
import requests

REPORT = {"workflow_id": "w1", "exec_time": "2025-12-22T09:00:00+08:00", "input_len": 12, "duration_ms": 812}


def refusal(call) -> tuple[int, object]:
    """The status of a call that fails, and the error in its body."""
    with pytest.raises(requests.HTTPError) as caught:
        call()
    return caught.value.response.status_code, caught.value.response.json()["error"]
