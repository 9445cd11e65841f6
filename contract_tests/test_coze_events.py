"""Usage statistics of a bot computed again from its raw events, with and without filters."""

from collections import Counter
from datetime import date, timedelta

from mockcbs.contract.coze import Coze
from mockcbs.contract.coze_figures import Row, data_of, day_of, figures, figures_of, local, rows_of
from mockcbs.contract.kit import Kit, checks, not_reached
from mockcbs.contract.targets import Answer


@checks(
    "coze.analytics.events-calls",
    "coze.analytics.events-messages",
    "coze.analytics.events-rates",
    "coze.analytics.events-mean",
    "coze.analytics.events-summary",
)
def test_raw_events(kit: Kit) -> None:
    """Every figure of the statistics can be computed from the raw events.

    Each day is also asked for alone: in one range only, a summary made of rounded figures may be right by
    chance.
    """
    coze = Coze.of(kit)
    first, last = coze.traced
    alone = [(day, day) for day in (first + timedelta(n) for n in range((last - first).days + 1))]
    for ends in dict.fromkeys(((first, last), *alone)):
        for granularity in ("day", "hour"):
            _check_range(kit, ends, granularity)


def _check_range(kit: Kit, ends: tuple[date, date], granularity: str) -> None:
    coze = Coze.of(kit)
    inside = [event for event in coze.traced_events if ends[0] <= _day(event) <= ends[1]]
    answer = coze.days_of(*ends, granularity=granularity)
    for row in rows_of(answer):
        label = (day_of(row), row.get("hour"))
        events = [event for event in inside if _label(event, granularity) == label]
        _check_figures(kit, answer, row, figures_of(events), f"{label[0]} {row.get('hour', '')}".strip())
    found = figures(data_of(answer)[1])
    kit.expect("coze.analytics.events-summary", answer, found, figures_of(inside), "summary")


def _day(event: Row) -> date:
    return local(event["trigger_time"]).date()


def _label(event: Row, granularity: str) -> tuple[str, int | None]:
    return _day(event).isoformat(), local(event["trigger_time"]).hour if granularity == "hour" else None


def _check_figures(kit: Kit, answer: Answer, found: Row, expected: Row, where: str) -> None:
    for clause, names in (
        ("coze.analytics.events-calls", ("total_calls", "unique_users", "total_sessions")),
        ("coze.analytics.events-messages", ("total_messages",)),
        ("coze.analytics.events-rates", ("success_rate", "error_rate")),
        ("coze.analytics.events-mean", ("avg_response_time_ms",)),
    ):
        one, other = ([row[name] for name in names] for row in (found, expected))
        kit.expect(clause, answer, one, other, f"{', '.join(names)} ({where})")


@checks("coze.analytics.session", "coze.analytics.alias", "coze.analytics.together")
def test_session(kit: Kit) -> None:
    """session_id and conversation_id select the same executions, and the figures follow from their events."""
    coze = Coze.of(kit)
    session = _longest(coze, "session_id")
    kit.mask.add(session, "{session_id}")
    inside = _of(coze, session_id=session)

    for other in (session[:-1], f" {session}"):
        _check_filter(kit, "coze.analytics.session", [], session_id=other)
    by_session = _check_filter(kit, "coze.analytics.session", inside, session_id=session)
    for names in ({"conversation_id": session}, {"session_id": session, "conversation_id": session}):
        answer = coze.days_of(*coze.traced, granularity="day", **names)
        kit.expect("coze.analytics.alias", answer, answer.json["data"], by_session.json["data"], "data")
    user = next((event["user_id"] for event in inside if event["user_id"]), None)
    if user:
        kit.mask.add(user, "{user_id}")
        both = [event for event in inside if event["user_id"] == user]
        _check_filter(kit, "coze.analytics.together", both, session_id=session, user_id=user)
    strangers = {event["user_id"] for event in coze.traced_events if event["user_id"]}
    stranger = min(strangers - {event["user_id"] for event in inside}, default="")
    if stranger:
        kit.mask.add(stranger, "{user_id}")
        _check_filter(kit, "coze.analytics.together", [], session_id=session, user_id=stranger)


@checks("coze.analytics.together")
def test_two_filters(kit: Kit) -> None:
    """A channel together with a user or a session selects what matches both."""
    coze = Coze.of(kit)
    channels = sorted({event["connector_id"] for event in coze.traced_events})
    for name in ("user_id", "session_id"):
        if value := _longest(coze, name):
            kit.mask.add(value, f"{{{name}}}")
            for channel in channels:
                both = {name: value, "connector_id": channel}
                _check_filter(kit, "coze.analytics.together", _of(coze, **both), **both)


@checks("coze.analytics.user")
def test_user(kit: Kit) -> None:
    """user_id selects the executions of one user, and the figures follow from their events."""
    coze = Coze.of(kit)
    users = sorted({event["user_id"] for event in coze.traced_events} - {""})
    if not users:
        not_reached("no raw event has a user_id")
    for user in {_longest(coze, "user_id"), users[0]}:
        kit.mask.add(user, "{user_id}")
        for name in (user, user[:-1], f"{user} ", user.swapcase()):
            if name:
                _check_filter(kit, "coze.analytics.user", _of(coze, user_id=name), user_id=name)


@checks("coze.analytics.connector")
def test_connector(kit: Kit) -> None:
    """Each execution belongs to one channel, and the channels add up to the whole."""
    coze = Coze.of(kit)
    for channel in sorted({event["connector_id"] for event in coze.traced_events}):
        inside = _of(coze, connector_id=channel)
        _check_filter(kit, "coze.analytics.connector", inside, connector_id=channel)


def _of(coze: Coze, **members: str) -> list[Row]:
    return [
        event for event in coze.traced_events if all(event[name] == value for name, value in members.items())
    ]


def _longest(coze: Coze, name: str) -> str:
    """The conversation or user with the most raw events, or an empty text if no event names one."""
    found = Counter(event[name] for event in coze.traced_events if event[name])
    return max(found, key=lambda text: (found[text], text), default="")


def _check_filter(kit: Kit, clause: str, inside: list[Row], **filters: str) -> Answer:
    """Check that the figures with *filters*, by day and in total, follow from the events *inside*."""
    coze = Coze.of(kit)
    for granularity in ("hour", "day"):
        answer = coze.days_of(*coze.traced, granularity=granularity, **filters)
        summary = data_of(answer)[1]
        for row in rows_of(answer):
            label = (day_of(row), row.get("hour"))
            figures_inside = figures_of([event for event in inside if _label(event, granularity) == label])
            kit.expect(
                clause, answer, figures(row), figures_inside, f"{label[0]} {row.get('hour', '')}".strip()
            )
        kit.expect(clause, answer, figures(summary), figures_of(inside), "summary")
    return answer
