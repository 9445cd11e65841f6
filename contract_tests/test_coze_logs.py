"""Raw behaviour logs of a bot."""

from collections import defaultdict
from itertools import pairwise
from typing import Any

from mockcbs.contract.coze import Coze
from mockcbs.contract.coze_figures import Row, distinct, local
from mockcbs.contract.kit import Kit, checks, made_up, not_reached
from mockcbs.contract.lacking import known, need, sent, was_sent
from mockcbs.contract.targets import Answer, query

_STATUS = {
    "session.started": "started",
    "message.sent": "sent",
    "execution.completed": "success",
    "execution.failed": "failed",
}
_ENDS = ("execution.completed", "execution.failed")
_DAY = {"start_date": "2025-03-01", "end_date": "2025-03-01"}


def _ask(coze: Coze, **parameters: object) -> Answer:
    return coze.get(f"{coze.bot}/analytics/logs", query(**parameters))


def _odd(events: list[Row], *, held: Any) -> list[str]:
    """The first few events for which *held* returns false."""
    return [f"{event['event_type']} {event['event_id']}" for event in events if not held(event)][:3]


@checks(
    "coze.logs.kinds",
    "coze.logs.status",
    "coze.logs.inside",
    "coze.logs.duration",
    "coze.logs.times",
    "coze.logs.role",
    "coze.logs.error",
    "coze.logs.owner",
)
def test_each_event(kit: Kit) -> None:
    """Each event has the members of its kind."""
    coze = Coze.of(kit)
    events = coze.traced_events
    answer = coze.traced_page
    first, last = coze.traced
    with kit.part("coze.logs.kinds"):
        kinds = {sent(e["event_type"]) for e in events}
        kit.expect("coze.logs.kinds", answer, sorted(kinds - _STATUS.keys()), [], "kinds")
    for clause, held in (
        ("coze.logs.status", lambda e: sent(e["status"]) == _STATUS.get(sent(e["event_type"]))),
        ("coze.logs.inside", lambda e: first <= local(e["trigger_time"]).date() <= last),
        ("coze.logs.duration", lambda e: _has(e, "duration_ms") == (e["event_type"] in _ENDS)),
        ("coze.logs.times", _is_timed),
        ("coze.logs.role", _has_role),
        ("coze.logs.error", _has_error),
        ("coze.logs.owner", lambda e: e.get("bot_id") == kit.coze_bot_id and _has(e, "chat_id")),
    ):
        with kit.part(clause):
            kit.expect(clause, answer, _odd(events, held=held), [], "wrong events")


def _has(event: Row, name: str) -> bool:
    """Whether the target has sent a member."""
    return name in event and was_sent(event[name])


def _is_timed(event: Row) -> bool:
    passed = sent(event["timestamp"]) - sent(event["trigger_time"])
    return bool(passed == sent(event["duration_ms"]) if "duration_ms" in event else passed >= 0)


def _has_role(event: Row) -> bool:
    roles = ("user", "assistant") if event["event_type"] == "message.sent" else (None,)
    return known(event.get("role"), "(none)") in roles


def _has_error(event: Row) -> bool:
    failed = event["event_type"] == "execution.failed"
    return all((name in event) == failed for name in ("error_code", "error_message"))


@checks("coze.logs.order", "coze.logs.unique", "coze.logs.execution")
def test_all_events(kit: Kit) -> None:
    """The events of a range agree with each other."""
    coze = Coze.of(kit)
    events = coze.traced_events
    answer = coze.traced_page
    with kit.part("coze.logs.order"):
        times = [event["trigger_time"] for event in events if event["event_type"] in _ENDS]
        held = all(one <= other for one, other in pairwise(times))
        kit.judge("coze.logs.order", answer, "trigger_time ascending", f"{times[:3]} …", held=held)
    with kit.part("coze.logs.unique"):
        ids = [event["event_id"] for event in events]
        kit.expect("coze.logs.unique", answer, distinct(ids), len(ids), "number of different ids")
        again = coze.logs(start_date=coze.traced[0], end_date=coze.traced[1], page_size=100)["items"]
        kit.expect(
            "coze.logs.unique",
            coze.page,
            [e["event_id"] for e in again],
            ids[:100],
            "ids of a repeated request",
        )
    with kit.part("coze.logs.execution"):
        executions: dict[str, list[str]] = defaultdict(list)
        for event in events:
            executions[event["chat_id"]].append(need(event.get("role", event["event_type"])))
        odd = [f"{chat}: {parts}" for chat, parts in executions.items() if not _is_whole(parts)]
        kit.expect("coze.logs.execution", answer, odd[:3], [], "executions with wrong events")


def _is_whole(parts: list[str]) -> bool:
    completed, ended = parts.count("execution.completed"), sum(part in _ENDS for part in parts)
    return (
        parts.count("user") >= 1
        and ended <= 1
        and (parts.count("assistant") >= 1 if completed else True)
        and parts.count("session.started") <= 1
    )


@checks("coze.logs.page", "coze.logs.pages", "coze.logs.has-more", "coze.logs.beyond")
def test_pages(kit: Kit) -> None:
    """The pages together contain the whole list, for every page size."""
    coze = Coze.of(kit)
    events = coze.traced_events
    dates = dict(zip(("start_date", "end_date"), coze.traced, strict=True))
    usual = coze.logs(**dates)
    kit.expect("coze.logs.page", coze.page, usual["items"], events[:20], "items of the first page")
    explicit = coze.logs(**dates, page_num=1, page_size=20)
    kit.expect("coze.logs.page", coze.page, explicit["items"], usual["items"], "items")
    size = max(1, len(events) // 3)
    for page_size, pages in (
        (min(size, 100), (1, 2, 3)),
        (7, (1, 2, -(-len(events) // 7))),
        (1, (1, len(events))),
    ):
        for page in pages:
            data = coze.logs(**dates, page_num=page, page_size=page_size)
            answer = coze.page
            start, stop = (page - 1) * page_size, page * page_size
            label = f"page {page} of {page_size}"
            kit.expect("coze.logs.pages", answer, data["items"], events[start:stop], f"items of {label}")
            kit.expect("coze.logs.pages", answer, data["total"], len(events), f"total of {label}")
            kit.expect(
                "coze.logs.has-more", answer, data["has_more"], stop < len(events), f"has_more of {label}"
            )
    data = coze.logs(**dates, page_num=len(events) + 1, page_size=1)
    found = [data["items"], data["total"], data["has_more"]]
    kit.expect("coze.logs.beyond", coze.page, found, [[], len(events), False], "items, total, has_more")


@checks("coze.logs.page-limits")
def test_page_limits(kit: Kit) -> None:
    """Page numbers start at 1, and a page has 1 to 100 events."""
    coze = Coze.of(kit)
    coze.serves(f"{coze.bot}/analytics/logs", query(**_DAY))
    for name, values in (("page_size", ("0", "101", "-1", "x")), ("page_num", ("0", "-1", "1.5", "x"))):
        for bad in values:
            coze.refused("coze.logs.page-limits", _ask(coze, **_DAY, **{name: bad}), 400, 4000)
    for size in (1, 100):
        answer = _ask(coze, **_DAY, page_size=size, page_num=1)
        kit.expect("coze.logs.page-limits", answer, answer.status, 200, "status")


@checks(
    "coze.logs.event-type",
    "coze.logs.status-filter",
    "coze.logs.filters",
    "coze.logs.granularity",
)
def test_filters(kit: Kit) -> None:
    """Each filter selects exactly the events that match it."""
    coze = Coze.of(kit)
    events = coze.traced_events
    if not events:
        not_reached("the bot has no events")
    for kinds in (*((kind,) for kind in _STATUS), _ENDS, ("message.sent", "session.started")):
        inside = [event for event in events if event["event_type"] in kinds]
        _check(kit, "coze.logs.event-type", inside, event_type=",".join(kinds))
    for status in _STATUS.values():
        inside = [event for event in events if event["status"] == status]
        _check(kit, "coze.logs.status-filter", inside, status=status)
    for granularity in ("hour", "week"):
        _check(kit, "coze.logs.granularity", events, granularity=granularity)
    some = events[len(events) // 2]
    for filters in (_by_session, _by_user, _by_channel):
        with kit.part("coze.logs.filters"):
            filters(kit, events, some)
    _check(kit, "coze.logs.filters", [], user_id=made_up())


def _by_session(kit: Kit, events: list[Row], some: Row) -> None:
    session = need(some["session_id"])
    kit.mask.add(session, "{session_id}")
    inside = [event for event in events if event["session_id"] == session]
    _check(kit, "coze.logs.filters", inside, session_id=session)
    _check(kit, "coze.logs.filters", inside, conversation_id=session)
    for granularity in ("hour", "week"):
        _check(kit, "coze.logs.granularity", inside, session_id=session, granularity=granularity)


def _by_user(kit: Kit, events: list[Row], some: Row) -> None:
    if user := need(some["user_id"]):
        kit.mask.add(user, "{user_id}")
        inside = [event for event in events if event["user_id"] == user]
        _check(kit, "coze.logs.filters", inside, user_id=user)
        both = [event for event in inside if event["event_type"] == "message.sent"]
        _check(kit, "coze.logs.filters", both, user_id=user, event_type="message.sent", status="sent")


def _by_channel(kit: Kit, events: list[Row], some: Row) -> None:
    channel = need(some["connector_id"])
    inside = [event for event in events if event["connector_id"] == channel]
    _check(kit, "coze.logs.filters", inside, connector_id=channel)


def _check(kit: Kit, clause: str, inside: list[Row], **filters: str) -> None:
    coze = Coze.of(kit)
    data = coze.logs(start_date=coze.traced[0], end_date=coze.traced[1], page_size=100, **filters)
    answer = coze.page
    kit.expect(clause, answer, data["total"], len(inside), "total")
    kit.expect(clause, answer, data["items"], inside[:100], "items")


@checks("coze.logs.parameters", "coze.logs.bad-event-type", "coze.logs.bad-status")
def test_refusals(kit: Kit) -> None:
    """The raw events reject the parameters that the analytics reject."""
    coze = Coze.of(kit)
    coze.serves(f"{coze.bot}/analytics/logs", query(**_DAY))
    for bad in (
        {"start_date": None},
        {"end_date": ""},
        {"start_date": "2025-3-1"},
        {"end_date": "2025-02-28"},
        {"start_date": "2022-12-31", "end_date": "2022-12-31"},
        {"start_date": "2024-08-01"},
        {"session_id": "a", "conversation_id": "b"},
        {"user_id": "x" * 257},
        {"connector_id": "api"},
    ):
        coze.refused("coze.logs.parameters", _ask(coze, **{**_DAY, **bad}), 400, 4000)
    for bot, status, code in (("abc", 400, 4000), ("1", 404, 4200)):
        answer = coze.get(f"/v1/bots/{bot}/analytics/logs", query(**_DAY))
        coze.refused("coze.logs.parameters", answer, status, code)
    for bad in ("execution", "session_start", "message.sent,x", "MESSAGE.SENT"):
        coze.refused("coze.logs.bad-event-type", _ask(coze, **_DAY, event_type=bad), 400, 4000)
    for bad in ("completed", "ok", "SUCCESS"):
        coze.refused("coze.logs.bad-status", _ask(coze, **_DAY, status=bad), 400, 4000)
