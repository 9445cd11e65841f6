"""Streams of events."""

import json
import time

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.numbers import compact
from mockcbs.services.coze import sse
from tests.services.coze.calls import LOGID, lines
from tests.services.coze.conftest import RUN


def test_streams_can_be_cut_by_lines(coze):
    """A stream has only lines ``event:`` and ``data:`` with one line of JSON each, for any text."""
    strange = "a\u2028b\u2029c\x85d\r\ne 你好 \U0001f600"
    body = {"workflow_id": RUN[:-1] + "9", "parameters": {"x": strange}}

    answer = coze.post("/v1/workflow/stream_run", json=body)

    events = lines(answer)
    assert all(set(event) == {"id", "event", "data"} for event in events)
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert LOGID.fullmatch(answer.headers["X-Tt-Logid"])
    said, done = (json.loads(event["data"]) for event in events)
    assert json.loads(said["content"]) == {"x": strange}
    assert (said["node_seq_id"], said["node_is_finish"], said["node_execute_uuid"]) == ("0", True, "")
    assert events[-1]["event"] == "Done"
    assert done["debug_url"].startswith("https://www.coze.cn/work_flow?execute_id=")


@given(st.text())
def test_deltas_make_up_the_text(text):
    """Nothing is lost or added when an answer is split."""
    assert "".join(sse.deltas(text)) == text


def test_an_event_hardly_takes_longer_than_its_json():
    """Also in Chinese, for which `str.translate` takes fifty times as long."""
    data = {"content": "请先检查网络连接" * 500}

    def took(make):
        began = time.process_time()
        for _ in range(100):
            make()
        return time.process_time() - began

    plain = min(took(lambda: compact(data)) for _ in range(5))
    assert min(took(lambda: sse.event("conversation.message.delta", data)) for _ in range(5)) < 10 * plain
