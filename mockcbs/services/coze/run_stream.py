"""The events of a streamed run (contract 3.7.2)."""

from collections.abc import Iterator
from typing import Any

from mockcbs.services.coze import sse
from mockcbs.services.coze.runs import END_NODE, Run


def events(run: Run) -> Iterator[bytes]:
    """The events of a run; the text of an end node or question node comes in one Message."""
    number = 0
    if run.pings:
        yield sse.event("PING", {}, number)
        number += 1
    if run.fails and not run.event_id:
        yield sse.workflow_error(number, run.error)
        return
    title, content = ("问答", run.question) if run.event_id else ("End", run.output)
    yield sse.event("Message", _message(run, title, content), number)
    if run.event_id:
        yield sse.event("Interrupt", {"interrupt_data": run.interrupt, "node_title": title}, number + 1)
    else:
        yield sse.event("Done", {"node_execute_uuid": "", "debug_url": run.debug_url}, number + 1)


def _message(run: Run, title: str, content: str) -> dict[str, Any]:
    return {
        "content": content,
        "content_type": "text",
        "node_title": title,
        "node_seq_id": "0",
        "node_is_finish": True,
        "node_type": "End" if title == "End" else "Question",
        "node_id": END_NODE,
        "node_execute_uuid": "",
        "usage": run.usage,
        "token": run.usage["token_count"],
        "cost": "0",
    }
