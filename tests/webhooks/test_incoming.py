"""Every spelling of an event that a receiver may meet."""

import json
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcbs.core.clock import EPOCH
from mockcbs.webhooks.incoming import BodyError, Challenge, Event, read

FLAT = {
    "event_type": "execution.completed",
    "event_id": "evt-0002",
    "bot_id": "7342866812345678901",
    "session_id": "7374752000116113452",
    "chat_id": "7374752000116113999",
    "user_id": "u-001",
    "connector_id": "999",
    "trigger_time": 1766365200000,
    "timestamp": 1766365200812,
    "status": "success",
    "duration_ms": 812,
}


def event(**changes) -> Event:
    found = read(json.dumps({**FLAT, **changes}).encode())
    assert isinstance(found, Event)
    return found


def test_the_flat_body():
    """Every documented member is kept."""
    found = event()

    assert (found.event_id, found.event_type, found.bot_id) == (
        "evt-0002",
        FLAT["event_type"],
        FLAT["bot_id"],
    )
    assert (found.session_id, found.execution, found.user_id) == (
        FLAT["session_id"],
        FLAT["chat_id"],
        FLAT["user_id"],
    )
    assert (found.duration_ms, found.trigger_time, found.timestamp) == (812, 1766365200000, 1766365200812)


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("会话开始", "session.started"),
        ("session_start", "session.started"),
        ("消息发送", "message.sent"),
        ("message_send", "message.sent"),
        ("执行完成", "execution.completed"),
        ("execution_complete", "execution.completed"),
        ("执行失败", "execution.failed"),
        ("execution_fail", "execution.failed"),
        ("bot.published", "bot.published"),
    ],
)
def test_event_types(spelling, canonical):
    """Labels and aliases become the canonical names; other types do not change."""
    assert event(event_type=spelling).event_type == canonical


@pytest.mark.parametrize(
    "written", [1766365200, "1766365200", 1766365200000, "2025-12-22T01:00:00Z", "2025-12-22T09:00:00+08:00"]
)
def test_times(written):
    """Seconds, milliseconds and ISO 8601 are the same instant."""
    assert event(trigger_time=written).trigger_time == 1766365200000


@given(st.integers(10**12, 4 * 10**12))
def test_times_with_fractions_of_a_second(ms):
    """Each spelling of a time is stored to the millisecond; a fraction of one is cut off."""
    moment = EPOCH + timedelta(milliseconds=ms)
    seconds = f"{ms // 1000}.{ms % 1000:03}"

    spellings = [
        ms,
        ms / 1000,
        seconds,
        f"{ms}.5",
        moment.isoformat(),
        moment.astimezone(timezone(timedelta(hours=8))).isoformat(timespec="milliseconds"),
    ]

    assert {event(timestamp=written).timestamp for written in spellings} == {ms}


@pytest.mark.parametrize("written", [None, True, "", "soon", "1766365200.", 1e300, float("nan"), [], {}])
def test_a_time_that_cannot_be_read(written):
    """The event is stored without the time."""
    assert event(timestamp=written).timestamp is None


def test_the_envelope():
    """The vendor's envelope is read like a flat body; ids may be numbers."""
    header = {"event_type": "bot.published", "event_id": "e1", "created_at": 1766365200000}
    body = {"header": header, "event": {"bot_id": 7342866812345678901, "user_id": 7}}

    found = read(json.dumps(body).encode())

    assert isinstance(found, Event)
    assert (found.event_type, found.event_id, found.timestamp) == ("bot.published", "e1", 1766365200000)
    assert (found.bot_id, found.user_id) == ("7342866812345678901", "7")


def test_the_challenge():
    """The challenge of a URL is not read as an event."""
    body = {"header": {"event_type": "url_verification"}, "event": {"challenge": "988df7dc"}}

    assert read(json.dumps(body).encode()) == Challenge("988df7dc")


def test_without_an_id_the_body_is_the_id():
    """Two deliveries of one body without event_id are one event, those of another body another."""
    first, again, other = event(event_id=""), event(event_id=""), event(event_id="", user_id="u-002")

    assert first.event_id == again.event_id != other.event_id


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"1", b"{", b'{"event_id": "e"}', b'{"event_type": 5}', b"\xff"]
)
def test_what_is_no_event(body):
    """A body that is not a JSON object, or has no event type, is refused."""
    with pytest.raises(BodyError):
        read(body)


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("user_id", "x" * 513, "user_id has 513 characters; at most 512 are accepted"),
        ("chat_id", "x" * 256, "execution has 256 characters"),
        ("user_id", "a\0b", "user_id contains U\\+0000"),
        ("error_message", "\ud800", "error_message contains U\\+0000 or half"),
    ],
)
def test_texts_that_no_table_takes(member, value, words):
    """Texts that some database would cut off or refuse are refused with every database."""
    with pytest.raises(BodyError, match=words):
        event(**{member: value})


@given(
    st.dictionaries(
        st.sampled_from(sorted(FLAT)),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=3
        ),
    )
)
def test_no_member_breaks_it(changes):
    """An event with any values of members is stored, or refused with a sentence."""
    try:
        found = read(json.dumps({**FLAT, **changes}).encode())
    except BodyError:
        return
    assert isinstance(found, Event | Challenge)
