"""Callback apps, exports of bills and the chat of version 2. They need permission to write."""

import json
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from mockcbs.contract.coze import Coze
from mockcbs.contract.coze_figures import data_of, figures
from mockcbs.contract.kit import Kit, checks, made_up
from mockcbs.contract.targets import Answer, query
from mockcbs.services.coze.envelope import SHANGHAI

_APPS = "/v1/api_apps"
_TASKS = "/v1/commerce/benefit/bill_tasks"
_OLDER = "/open_api/v2/chat"
_NOBODY = "1"


def _writing(kit: Kit) -> Coze:
    coze = Coze.of(kit)
    coze.may_write()
    return coze


def _silent(coze: Coze, clause: str, answer: Answer) -> None:
    """Check that a change returns no data."""
    coze.need(answer)
    found = [answer.status, answer.json.get("code"), "data" in answer.json]
    coze.kit.expect(clause, answer, found, [200, 0, False], "status, code, has data")


@checks(
    "coze.shape.api-app",
    "coze.shape.api-apps",
    "coze.shape.api-events",
    "coze.callbacks.made",
    "coze.callbacks.events",
    "coze.callbacks.refused",
    "coze.callbacks.unknown",
)
def test_callback_apps(kit: Kit) -> None:
    """A callback app can be created, changed, subscribed and deleted."""
    coze = _writing(kit)
    made = coze.good("api-app", coze.post(_APPS, {"app_type": "normal", "name": "kit"}))["id"]
    path, clause = f"{_APPS}/{made}", "coze.callbacks.made"
    kit.expect(clause, *_named(coze, made), "kit", "name")
    _silent(coze, clause, coze.post(path, {"name": "kit 2"}, method="PUT"))
    kit.expect(clause, *_named(coze, made), "kit 2", "name")
    with kit.part("coze.callbacks.events"):
        _check_events(coze, path)
    for body in ({"app_type": "other", "name": "kit"}, {"app_type": "normal"}):
        coze.refused("coze.callbacks.refused", coze.post(_APPS, body), 400, 4000)
    answer = coze.post(f"{path}/events", {"event_types": ["no.such.event"]})
    coze.refused("coze.callbacks.refused", answer, 400, 4000)
    _silent(coze, clause, coze.get(path, method="DELETE"))
    kit.expect(clause, *_named(coze, made), None, "name")
    for answer in (
        coze.post(path, {"name": "kit"}, method="PUT"),
        coze.get(path, method="DELETE"),
        coze.get(f"{path}/events"),
    ):
        coze.refused("coze.callbacks.unknown", answer, 404, 4200)


def _named(coze: Coze, made: str) -> tuple[Answer, Any]:
    """The list of apps, and the listed name of the app *made* or `None`."""
    answer = coze.get(_APPS, query(app_type="normal", page_size=50))
    found = coze.good("api-apps", answer)["items"]
    return answer, next((app["name"] for app in found if app["id"] == made), None)


def _check_events(coze: Coze, path: str) -> None:
    clause, path = "coze.callbacks.events", f"{path}/events"
    kinds = ["bot.published", "bot.deleted"]
    _silent(coze, clause, coze.post(path, {"event_types": kinds}))
    for left in (kinds, kinds[:1]):
        answer = coze.get(path)
        found = sorted(event["event_type"] for event in coze.good("api-events", answer)["items"])
        coze.kit.expect(clause, answer, found, sorted(left), "event types")
        _silent(coze, clause, coze.post(path, {"event_types": kinds[1:]}, method="DELETE"))


@checks(
    "coze.shape.bill-task",
    "coze.shape.bill-tasks",
    "coze.bills.created",
    "coze.bills.file",
    "coze.bills.today",
)
def test_bills(kit: Kit) -> None:
    """The bills of a range of days can be exported to files."""
    coze = _writing(kit)
    midnight = int(datetime.combine(coze.today, time(), SHANGHAI).timestamp())
    day = int(timedelta(days=1).total_seconds())
    answer = coze.post(_TASKS, {"started_at": midnight - 2 * day, "ended_at": midnight - day})
    task = coze.good("bill-task", answer)
    found = [task["status"], task["started_at"], task["ended_at"], task["file_urls"]]
    expected = ["init", midnight - 2 * day, midnight - day, ""]
    kit.expect("coze.bills.created", answer, found, expected, "status, times, file_urls")
    answer = coze.get(_TASKS, query(task_ids=task["task_id"]))
    tasks = coze.good("bill-tasks", answer)
    ids = [one["task_id"] for one in tasks["task_infos"]]
    kit.expect("coze.bills.created", answer, [ids, tasks["total"]], [[task["task_id"]], 1], "task_ids, total")
    for start, end in ((midnight + day, midnight + 2 * day), (midnight - day, midnight - 3600)):
        refusal = coze.post(_TASKS, {"started_at": start, "ended_at": end})
        coze.refused("coze.bills.today", refusal, 400, 4000)
    with kit.part("coze.bills.file"):
        _check_file(kit, answer, tasks["task_infos"][0])


def _check_file(kit: Kit, listed: Answer, task: dict[str, Any]) -> None:
    if task["status"] != "succeed":
        return
    kit.expect("coze.bills.file", listed, bool(task["file_urls"]), True, "has links")
    if kit.local and task["file_urls"]:
        link = urlsplit(task["file_urls"][0])
        file = kit.call("coze", "GET", link.path, link.query, auth=False)
        kind = file.headers.get("Content-Type", "").partition(";")[0]
        kit.expect("coze.bills.file", file, [file.status, kind], [200, "text/csv"], "status, Content-Type")


@checks(
    "coze.shape.legacy-chat",
    "coze.legacy.answer",
    "coze.legacy.stream",
    "coze.legacy.counted",
    "coze.legacy.unknown-bot",
)
def test_older_chat(kit: Kit) -> None:
    """A chat of version 2 returns an answer, also as a stream."""
    coze = _writing(kit)
    own, body = made_up(), {"bot_id": kit.coze_bot_id, "user": made_up(), "query": "你好"}
    before = _calls(coze, body["user"])
    answer = coze.post(_OLDER, {**body, "conversation_id": own})
    talk = coze.good("legacy-chat", answer, "")
    with kit.part("coze.legacy.answer"):
        kinds = [message["type"] for message in talk["messages"]]
        found = [talk["conversation_id"], kinds.count("answer") >= 1]
        kit.expect("coze.legacy.answer", answer, found, [own, True], "conversation_id, has an answer")
    _check_stream(kit, coze.post(_OLDER, {**body, "conversation_id": own, "stream": True}), own)
    grown = _calls(coze, body["user"]) - before
    kit.expect("coze.legacy.counted", coze.page, grown, 2, "increase of total_calls")
    clause = "coze.legacy.unknown-bot"
    coze.refused(clause, coze.post(_OLDER, {**body, "bot_id": _NOBODY}), 200, 4006)
    coze.refused(clause, coze.post(_OLDER, {"bot_id": kit.coze_bot_id, "user": "u"}), 400, 4000)


def _calls(coze: Coze, user: str) -> int:
    answer = coze.days_of(coze.today, coze.today, fresh=True, user_id=user)
    coze.page = answer
    calls: int = figures(data_of(answer)[1])["total_calls"]
    return calls


def _check_stream(kit: Kit, answer: Answer, conversation_id: str) -> None:
    lines = [line for line in answer.text.split("\n") if line]
    events = [json.loads(line.removeprefix("data:")) for line in lines if line.startswith("data:")]
    names = list(dict.fromkeys(event.get("event") for event in events))
    found = [len(events) == len(lines), names]
    kit.expect("coze.legacy.stream", answer, found, [True, ["message", "done"]], "only data, events")
    messages = [event for event in events if event.get("event") == "message"]
    talks = {event["conversation_id"] for event in messages}
    kit.expect("coze.legacy.stream", answer, sorted(talks), [conversation_id], "conversation_id")
    pieces: dict[int, list[bool]] = {}
    for event in messages:
        pieces.setdefault(event["index"], []).append(event["is_finish"])
    odd = [index for index, ends in pieces.items() if ends.index(True) != len(ends) - 1]
    kit.expect("coze.legacy.stream", answer, odd, [], "messages that do not end exactly once")
    spoken = "".join(e["message"]["content"] for e in messages if e["message"]["type"] == "answer")
    kit.expect("coze.legacy.stream", answer, bool(spoken), True, "has an answer")
