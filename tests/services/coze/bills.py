"""Bills, and chats that stand in them."""

import csv
import io
from urllib.parse import urlsplit

from tests.services.coze.calls import QUESTION, data
from tests.services.coze.conftest import BOT, SAMPLE_NOW

DAY = 86_400
MIDNIGHT = SAMPLE_NOW // 1000 - 9 * 3600
"""Of the day at which the sample's clock stands, in Shanghai."""
TASKS = "/v1/commerce/benefit/bill_tasks"


def bill(coze, started_at, ended_at):
    """The rows of the bill of that range, as a browser downloads it: without a token."""
    made = data(coze.post(TASKS, json={"started_at": started_at, "ended_at": ended_at}))
    assert (made["file_urls"], made["status"]) == ("", "init")
    (task,) = data(coze.get(f"{TASKS}?task_ids={made['task_id']}"))["task_infos"]
    assert task["status"] == "succeed"
    url = urlsplit(task["file_urls"][0])
    anonymous = coze.application.test_client()
    answer = anonymous.get(f"{url.path}?{url.query}")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text)))


def chat(coze, bot=BOT):
    """A chat that has ended."""
    body = {"bot_id": bot, "user_id": "u", "additional_messages": [QUESTION]}
    begun = data(coze.post("/v3/chat", json=body))
    where = {"conversation_id": begun["conversation_id"], "chat_id": begun["id"]}
    return data(coze.get("/v3/chat/retrieve", query_string=where))
