"""Responses to the calls of Coze."""

import io

import pytest

from tests.services.coze.conftest import BOT, RUN, caller


@pytest.fixture(scope="package")
def answers():
    """One of each: chat, message, conversation, run and so on."""
    coze = caller()

    def data(answer):
        assert answer.json["code"] == 0, answer.json
        return answer.json["data"]

    question = {"role": "user", "content": "桌面云打不开", "content_type": "text"}
    begun = data(
        coze.post("/v3/chat", json={"bot_id": BOT, "user_id": "u", "additional_messages": [question]})
    )
    where = {"conversation_id": begun["conversation_id"], "chat_id": begun["id"]}
    run = coze.post("/v1/workflow/run", json={"workflow_id": RUN}).json
    upload = {"file": (io.BytesIO(b"x"), "x.txt")}
    return {
        "chat": data(coze.post("/v3/chat/retrieve", query_string=where)),
        "message": data(coze.get("/v3/chat/message/list", query_string=where))[0],
        "conversation": data(coze.post("/v1/conversation/create", json={})),
        "run_history": data(coze.get(f"/v1/workflows/{RUN}/run_histories/{run['execute_id']}"))[0],
        "workflow": data(coze.get("/v1/workflows?workspace_id=1"))["items"][0],
        "version": data(coze.get(f"/v1/workflows/{RUN}/versions"))["items"][0],
        "file": data(coze.post("/v1/files/upload", data=upload, content_type="multipart/form-data")),
        "bot": data(coze.get(f"/v1/bots/{BOT}")),
        "published": data(coze.get("/v1/space/published_bots_list?space_id=1"))["space_bots"][0],
        "listed": data(coze.get("/v1/bots?workspace_id=1"))["items"][0],
        "workspace": data(coze.get("/v1/workspaces"))["workspaces"][0],
        "user": data(coze.get("/v1/users/me")),
    }
