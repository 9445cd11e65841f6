"""What a client can provoke: codes, broken streams, PING, ids that fail inside streams."""

import pytest

from tests.services.coze.calls import FAILING, ask, events, where
from tests.services.coze.conftest import RUN


@pytest.mark.parametrize("code", FAILING)
def test_chats_fail_with_any_code(coze, code):
    """``mockcbs:fail:CODE`` fails a chat with a row of the catalogue; its message list has no data."""
    chat = ask(coze, f"mockcbs:fail:{code}").json["data"]

    failed = coze.get("/v3/chat/retrieve", query_string=where(chat)).json["data"]
    listed = coze.get("/v3/chat/message/list", query_string=where(chat)).json

    assert (failed["status"], failed["last_error"]["code"]) == ("failed", int(code))
    assert (listed["code"], "data" in listed) == (0, False)


@pytest.mark.parametrize("code", ["4028", "4011"])
def test_runs_fail_with_any_code(coze, code):
    """``mockcbs:fail:CODE`` fails a run, with and without a stream."""
    body = {"workflow_id": RUN, "parameters": {"mockcbs": f"fail:{code}"}}

    run = coze.post("/v1/workflow/run", json=body).json
    name, data = events(coze.post("/v1/workflow/stream_run", json=body))[-1]

    assert run["code"] == int(code)
    assert (name, data["error_code"]) == ("Error", int(code))
