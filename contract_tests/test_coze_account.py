"""Coze: reading bots, workflows, workspaces and other objects, and errors."""

from datetime import date, timedelta
from typing import Any

from mockcbs.contract.coze import Coze
from mockcbs.contract.coze_figures import figures, figures_of, local
from mockcbs.contract.kit import Kit, checks, made_up, not_reached
from mockcbs.contract.targets import query

NOBODY = "1"
"""A well-formed id of no existing object."""
_PAGE = 50
_DAY = query(start_date="2025-03-01", end_date="2025-03-01")


@checks("coze.shape.bot", "coze.bots.same", "coze.bots.draft")
def test_bot(kit: Kit) -> None:
    """Both operations return the same bot; its draft has no version."""
    coze = Coze.of(kit)
    published = coze.good("bot", coze.get(coze.bot))
    answer = coze.get("/v1/bot/get_online_info", query(bot_id=kit.coze_bot_id))
    older = coze.good("bot", answer)
    kit.expect("coze.bots.same", answer, older["bot_id"], kit.coze_bot_id, "bot_id")
    kit.expect("coze.bots.same", answer, older, published, "bot")
    answer = coze.get(coze.bot, query(is_published="true"))
    kit.expect("coze.bots.same", answer, coze.good("bot", answer), published, "bot")
    answer = coze.get(coze.bot, query(is_published="false"))
    kit.expect("coze.bots.draft", answer, coze.good("bot", answer).get("version"), "", "version")


@checks("coze.bots.unknown", "coze.bots.bad-id", "coze.bots.required", "coze.bots.status")
def test_refused_bots(kit: Kit) -> None:
    """Unknown bots, malformed ids and missing parameters are rejected."""
    coze = Coze.of(kit)
    for path, text in (
        (f"/v1/bots/{NOBODY}", ""),
        ("/v1/bot/get_online_info", query(bot_id=NOBODY)),
        (f"/v1/bots/{NOBODY}/versions", ""),
    ):
        coze.refused("coze.bots.unknown", coze.get(path, text), 404, 4200)
    for path, text in (("/v1/bots/abc", ""), ("/v1/bot/get_online_info", query(bot_id="abc"))):
        coze.refused("coze.bots.bad-id", coze.get(path, text), 400, 4000)
    for path in ("/v1/bots", "/v1/space/published_bots_list", "/v1/bot/get_online_info"):
        coze.refused("coze.bots.required", coze.get(path), 400, 4000)
    answer = coze.get("/v1/bots", query(workspace_id=coze.workspace_id, publish_status="published"))
    coze.refused("coze.bots.status", answer, 400, 4000)


@checks(
    "coze.shape.bots",
    "coze.shape.space-bots",
    "coze.shape.bot-versions",
    "coze.bots.status",
    "coze.bots.total",
    "coze.bots.order",
    "coze.bots.page-names",
    "coze.bots.beyond",
)
def test_lists_of_bots(kit: Kit) -> None:
    """Both lists contain the published bots, page by page."""
    coze = Coze.of(kit)
    where, space = query(workspace_id=coze.workspace_id), query(space_id=coze.workspace_id)
    answer = coze.get("/v1/bots", where)
    listed = coze.good("bots", answer)
    explicit = coze.good("bots", coze.get("/v1/bots", f"{where}&publish_status=published_online"))
    kit.expect("coze.bots.status", answer, listed, explicit, "list")
    answer = coze.get("/v1/space/published_bots_list", space)
    older = coze.good("space-bots", answer)
    kit.expect("coze.bots.total", answer, older["total"], listed["total"], "total")
    if listed["total"] <= 20:
        ids = [
            sorted(bot[name] for bot in bots)
            for bots, name in ((listed["items"], "id"), (older["space_bots"], "bot_id"))
        ]
        kit.expect("coze.bots.total", answer, [len(ids[0]), *ids[1]], [listed["total"], *ids[0]], "bots")
    times = [int(bot["publish_time"]) for bot in older["space_bots"]]
    kit.expect("coze.bots.order", answer, times, sorted(times, reverse=True), "publish times")
    for name in ("page_num", "page_index"):
        for page, expected in ((1, listed["items"][:1]), (2, listed["items"][1:2])):
            answer = coze.get("/v1/bots", f"{where}&page_size=1&{name}={page}")
            data = coze.good("bots", answer)
            kit.expect("coze.bots.page-names", answer, data["items"], expected, f"items of {name} {page}")
            kit.expect("coze.bots.total", answer, data["total"], listed["total"], "total")
    for path, text, shape, member in (
        ("/v1/bots", where, "bots", "items"),
        ("/v1/space/published_bots_list", space, "space-bots", "space_bots"),
    ):
        answer = coze.get(path, f"{text}&page_index={listed['total'] + 1}&page_size=1")
        kit.expect("coze.bots.beyond", answer, coze.good(shape, answer)[member], [], "bots")
    coze.good("bot-versions", coze.get(f"{coze.bot}/versions"))


@checks("coze.bots.last-page")
def test_last_pages(kit: Kit) -> None:
    """has_more is false on a page that is not full; otherwise a client would never stop requesting pages."""
    coze = Coze.of(kit)
    for shape, member, path, owner in (
        ("bot-versions", "items", f"{coze.bot}/versions", {}),
        ("conversations", "conversations", "/v1/conversations", {"bot_id": kit.coze_bot_id}),
        ("workflows", "items", "/v1/workflows", {"workspace_id": coze.workspace_id}),
    ):
        answer = coze.get(path, query(**owner, page_size=_PAGE))
        data = coze.good(shape, answer)
        if len(data[member]) < _PAGE:
            kit.expect("coze.bots.last-page", answer, data["has_more"], False, "has_more")


@checks("coze.shape.workspaces", "coze.shape.user", "coze.workspaces.pages")
def test_account(kit: Kit) -> None:
    """The operations on users and workspaces return the data of the caller."""
    coze = Coze.of(kit)
    coze.good("user", coze.get("/v1/users/me"))
    answer = coze.get("/v1/workspaces", query(page_num=1, page_size=_PAGE))
    data = coze.good("workspaces", answer)
    if len(data["workspaces"]) < _PAGE:
        kit.expect(
            "coze.workspaces.pages", answer, data["total_count"], len(data["workspaces"]), "total_count"
        )
    answer = coze.get("/v1/workspaces", query(page_num=data["total_count"] + 1, page_size=1))
    kit.expect(
        "coze.workspaces.pages", answer, coze.good("workspaces", answer)["workspaces"], [], "workspaces"
    )
    for bad in (51, 0):
        coze.refused("coze.workspaces.pages", coze.get("/v1/workspaces", query(page_size=bad)), 400, 4000)


@checks("coze.shape.workflows", "coze.shape.workflow", "coze.shape.workflow-versions", "coze.workflows.found")
def test_workflows(kit: Kit) -> None:
    """The list of workflows agrees with the details of each workflow."""
    coze = Coze.of(kit)
    detail = coze.good("workflow", coze.get(coze.workflow))["workflow_detail"]
    coze.good("workflow-versions", coze.get(f"{coze.workflow}/versions"))
    where = query(workspace_id=coze.workspace_id, page_size=100)
    answer = coze.get("/v1/workflows", where)
    listed = coze.good("workflows", answer)
    found = [item for item in listed["items"] if item["workflow_id"] == kit.coze_workflow_id]
    if not found:
        not_reached("the workflow is not on the first page of the list of the first workspace")
    names = [item["workflow_name"] for item in found]
    kit.expect("coze.workflows.found", answer, names, [detail["workflow_name"]], "names of the workflow")
    kit.expect("coze.workflows.found", answer, detail["workflow_id"], kit.coze_workflow_id, "workflow_id")


@checks(
    "coze.workflows.mode", "coze.workflows.required", "coze.workflows.unknown", "coze.workflows.no-history"
)
def test_refused_workflows(kit: Kit) -> None:
    """workflow_mode separates workflows from chatflows; unknown workflows and missing parameters are
    rejected.
    """
    coze = Coze.of(kit)
    where = query(workspace_id=coze.workspace_id, page_size=100)
    modes = {
        mode: coze.good("workflows", coze.get("/v1/workflows", f"{where}&workflow_mode={mode}"))["items"]
        for mode in ("workflow", "chatflow")
    }
    ids = [{item["workflow_id"] for item in items} for items in modes.values()]
    answer = coze.get("/v1/workflows", where)
    kit.expect("coze.workflows.mode", answer, sorted(ids[0] & ids[1]), [], "workflows that are chatflows")
    both = {item["workflow_id"] for item in coze.good("workflows", answer)["items"]}
    kit.expect(
        "coze.workflows.mode", answer, sorted(ids[0] | ids[1]), sorted(both), "workflows and chatflows"
    )
    bad = coze.get("/v1/workflows", f"{where}&workflow_mode=bot")
    coze.refused("coze.workflows.mode", bad, 400, 4000)
    coze.refused("coze.workflows.required", coze.get("/v1/workflows"), 400, 4000)
    for tail in ("", "/versions", f"/run_histories/{NOBODY}"):
        coze.refused("coze.workflows.unknown", coze.get(f"/v1/workflows/{NOBODY}{tail}"), 404, 4200)
    coze.refused("coze.workflows.unknown", coze.get(f"/v1/workflows/{NOBODY}/analytics", _DAY), 404, 4200)
    for tail in (NOBODY, f"{NOBODY}/execute_nodes/x"):
        answer = coze.get(f"{coze.workflow}/run_histories/{tail}")
        coze.refused("coze.workflows.no-history", answer, 200, 4314)


@checks("coze.workflows.analytics", "coze.workflows.messages", "coze.workflows.logs")
def test_analytics_of_a_workflow(kit: Kit) -> None:
    """The rules for the statistics of a bot also hold for a workflow."""
    coze = Coze.of(kit)
    clause, path = "coze.workflows.analytics", coze.workflow
    last = coze.today - timedelta(1)
    week = coze.days_of(last - timedelta(6), last, path)
    data = week.json["data"]
    dates = [(last - timedelta(n)).isoformat() for n in range(6, -1, -1)]
    kit.expect(clause, week, data.get("workflow_id"), kit.coze_workflow_id, "workflow_id")
    kit.expect(clause, week, [row["date"] for row in data["metrics"]], dates, "dates")
    for name in ("total_calls", "total_messages"):
        total = sum(row[name] for row in data["metrics"])
        kit.expect(clause, week, data["summary"][name], total, f"summary.{name}")
    for bad in ({"start_date": None}, {"granularity": "week"}, {"end_date": last - timedelta(1)}):
        text = query(**{"start_date": last, "end_date": last, **bad})
        coze.refused(clause, coze.get(f"{path}/analytics", text), 400, 4000)
    nobody = coze.days_of(last, last, path, user_id=made_up(), granularity="hour")
    hours = [row["hour"] for row in nobody.json["data"]["metrics"]]
    kit.expect(clause, nobody, hours, list(range(24)), "hours")
    calls = nobody.json["data"]["summary"]["total_calls"]
    kit.expect(clause, nobody, calls, 0, "calls of an unknown user")
    mode = coze.get(
        "/v1/workflows", query(workspace_id=coze.workspace_id, workflow_mode="chatflow", page_size=100)
    )
    chatflows = [item["workflow_id"] for item in coze.good("workflows", mode)["items"]]
    if kit.coze_workflow_id not in chatflows:
        found = [row["total_messages"] for row in (*data["metrics"], data["summary"])]
        kit.expect("coze.workflows.messages", week, found, [0] * 8, "total_messages")
    _check_events(kit, coze, last, data["metrics"][-1])


def _check_events(kit: Kit, coze: Coze, day: date, row: dict[str, Any]) -> None:
    events = coze.events(day, day, coze.workflow)
    clause, answer = "coze.workflows.logs", coze.page
    found = {(e.get("workflow_id"), "bot_id" in e, "execute_id" in e) for e in events}
    kit.expect(
        clause,
        answer,
        sorted(found),
        [(kit.coze_workflow_id, False, True)][: len(events)],
        "workflow and execution",
    )
    strange = [e["event_id"] for e in events if local(e["trigger_time"]).date() != day]
    kit.expect(clause, answer, strange[:3], [], "events outside the range")
    expected = figures_of(events)
    ended = sum(event["event_type"].startswith("execution.") for event in events)
    if ended == row["total_calls"]:  # executions that are still running have no event
        kit.expect(clause, answer, figures(row), expected, f"figures of {day}")
    rates = ("success_rate", "error_rate", "avg_response_time_ms")
    kit.expect(clause, answer, [row[n] for n in rates], [expected[n] for n in rates], f"rates of {day}")


@checks(
    "coze.shape.conversations",
    "coze.conversations.list-bot",
    "coze.conversations.page-size",
    "coze.conversations.unknown",
)
def test_conversations(kit: Kit) -> None:
    """Conversations are listed by bot; an unknown conversation has its own error code."""
    coze = Coze.of(kit)
    path = "/v1/conversations"
    data = coze.good("conversations", coze.get(path, query(bot_id=kit.coze_bot_id, page_num=1, page_size=50)))
    answer = coze.get(path, query(bot_id=kit.coze_bot_id, page_size=50, page_num=10_000))
    beyond = coze.good("conversations", answer)
    kit.expect(
        "coze.conversations.page-size", answer, beyond, {"conversations": [], "has_more": False}, "page"
    )
    kit.expect("coze.conversations.page-size", answer, len(data["conversations"]) <= 50, True, "at most 50")
    for bad in (51, 0):
        answer = coze.get(path, query(bot_id=kit.coze_bot_id, page_size=bad))
        coze.refused("coze.conversations.page-size", answer, 400, 4000)
    coze.refused("coze.conversations.list-bot", coze.get(path), 400, 4000)
    coze.refused("coze.conversations.list-bot", coze.get(path, query(bot_id=NOBODY)), 200, 4006)
    named, message = query(conversation_id=NOBODY), query(conversation_id=NOBODY, message_id=NOBODY)
    text = {"role": "user", "content": "?", "content_type": "text"}
    for answer in (
        coze.get("/v1/conversation/retrieve", named),
        coze.post(f"{path}/{NOBODY}", {"name": "x"}, method="PUT"),
        coze.get(f"{path}/{NOBODY}", method="DELETE"),
        coze.post(f"{path}/{NOBODY}/clear"),
        coze.post("/v1/conversation/message/list", {}, named),
        coze.post("/v1/conversation/message/create", text, named),
        coze.get("/v1/conversation/message/retrieve", message),
        coze.post("/v1/conversation/message/modify", {"content": "?"}, message),
        coze.post("/v1/conversation/message/delete", None, message),
        coze.post(f"{path}/{NOBODY}/messages/{NOBODY}/feedback", {"feedback_type": "like"}),
        coze.get(f"{path}/{NOBODY}/messages/{NOBODY}/feedback", method="DELETE"),
    ):
        coze.refused("coze.conversations.unknown", answer, 200, 4002)


@checks("coze.shape.variables", "coze.files.unknown", "coze.variables.unknown", "coze.variables.owner")
def test_files_and_variables(kit: Kit) -> None:
    """Unknown files are errors; an unknown user has no variables."""
    coze = Coze.of(kit)
    answer = coze.get("/v1/files/retrieve", query(file_id=NOBODY))
    held = answer.json.get("code", 0) > 0 and "data" not in answer.json
    kit.judge("coze.files.unknown", answer, "an error code without data", answer.text[:80], held=held)
    user, bot = made_up(), kit.coze_bot_id
    answer = coze.get("/v1/variables", query(connector_uid=user, bot_id=bot, keywords="name,age"))
    kit.expect("coze.variables.unknown", answer, coze.good("variables", answer)["items"], [], "items")
    for bad in (
        {"bot_id": bot},
        {"connector_uid": user},
        {"connector_uid": user, "bot_id": bot, "app_id": bot},
    ):
        coze.refused("coze.variables.owner", coze.get("/v1/variables", query(**bad)), 400, 4000)


@checks("coze.chat.unknown-bot", "coze.chat.required", "coze.chat.unknown")
def test_refused_chats(kit: Kit) -> None:
    """A chat requires a bot and a user; an unknown bot and an unknown chat are errors."""
    coze = Coze.of(kit)
    for stream in (False, True):
        answer = coze.post("/v3/chat", {"bot_id": NOBODY, "user_id": "u", "stream": stream})
        coze.refused("coze.chat.unknown-bot", answer, 200, 4006)
    for bad in ({"user_id": "u"}, {"bot_id": NOBODY}, {}):
        coze.refused("coze.chat.required", coze.post("/v3/chat", bad), 400, 4000)
    named = {"conversation_id": NOBODY, "chat_id": NOBODY}
    outputs = {"tool_outputs": [{"tool_call_id": "x", "output": "y"}]}
    for answer in (
        coze.get("/v3/chat/retrieve", query(**named)),
        coze.post("/v3/chat/retrieve", None, query(**named)),
        coze.get("/v3/chat/message/list", query(**named)),
        coze.post("/v3/chat/cancel", named),
        coze.post("/v3/chat/submit_tool_outputs", outputs, query(**named)),
    ):
        code = answer.json.get("code")
        coze.refused("coze.chat.unknown", answer, 200, code if code in (4001, 4002) else 4001)


@checks("coze.http.broken-body", "coze.http.number-ids", "coze.http.null-members", "coze.http.no-body")
def test_bodies(kit: Kit) -> None:
    """Only a JSON object is accepted as a body; null members and numeric ids are allowed."""
    coze = Coze.of(kit)
    for body in (b"{", b"[]", b'"x"', b"\xff\xfe"):
        answer = kit.call("coze", "POST", "/v3/chat", body=body)
        coze.refused("coze.http.broken-body", answer, 400, 4000)
    chat = {"bot_id": 1, "user_id": "u", "meta_data": None, "additional_messages": None, "stream": None}
    answer = coze.post("/v3/chat", chat)
    for clause in ("coze.http.number-ids", "coze.http.null-members"):
        coze.refused(clause, answer, 200, 4006)
    path, text = "/v3/chat/retrieve", query(conversation_id=NOBODY, chat_id=NOBODY)
    for kind in (None, "application/x-www-form-urlencoded"):
        answer = coze.post(path, None, text, headers={"Content-Type": kind})
        code = answer.json.get("code")
        coze.refused("coze.http.no-body", answer, 200, code if code in (4001, 4002) else 4001)
