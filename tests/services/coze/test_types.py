"""The JSON type of every field, as the published OpenAPI file and the Go and Java models have it."""

import io

import pytest

from tests.services.coze.conftest import BOT, RUN

TABLE = """
run_history execute_id str
run_history execute_status str
run_history bot_id str
run_history connector_id str
run_history connector_uid str
run_history run_mode int
run_history logid str
run_history create_time int
run_history update_time int
run_history output str
run_history error_code str
run_history error_message str
run_history debug_url str
run_history token str
run_history cost str
run_history is_output_trimmed bool
workflow workflow_id str
workflow workflow_name str
workflow description str
workflow icon_url str
workflow app_id str
workflow created_at str
workflow updated_at str
workflow creator dict
version version str
version description str
version changelog str
version publish_status str
version created_at str
version updated_at str
version workflow_id str
chat id str
chat conversation_id str
chat bot_id str
chat created_at int
chat completed_at int
chat status str
chat meta_data dict
chat last_error dict
chat usage dict
chat section_id str
message id str
message conversation_id str
message bot_id str
message chat_id str
message section_id str
message role str
message type str
message content str
message content_type str
message meta_data dict
message created_at int
message updated_at int
conversation id str
conversation name str
conversation created_at int
conversation updated_at int
conversation creator_id str
conversation connector_id str
conversation last_section_id str
conversation meta_data dict
file id str
file bytes int
file file_name str
file created_at int
bot bot_id str
bot name str
bot description str
bot icon_url str
bot create_time int
bot update_time int
bot version str
bot bot_mode int
published publish_time str
published bot_id str
published bot_name str
listed id str
listed updated_at int
listed is_published bool
listed owner_user_id str
workspace id str
workspace name str
workspace role_type str
workspace workspace_type str
workspace enterprise_id str
user user_id str
user user_name str
user nick_name str
user avatar_url str
"""


@pytest.fixture(scope="module")
def answers():
    from tests.services.coze.conftest import caller

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


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_types(answers, row):
    """A field is of the type that statically typed clients expect."""
    shape, name, kind = row.split()

    assert type(answers[shape][name]).__name__ == kind
