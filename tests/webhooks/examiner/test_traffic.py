"""The traffic of an exam, counted again from its events."""

from hypothesis import given
from hypothesis import strategies as st

from mockcbs.traffic.periods import DAY
from mockcbs.webhooks.examiner.traffic import FIGURES, ExamTraffic, Run, compact

NOW = 1_766_365_200_000
RUNS = st.lists(
    st.builds(Run, st.sampled_from("ab"), st.integers(1, 9000), st.booleans()), min_size=1, max_size=3
)


@given(st.lists(st.tuples(RUNS, st.integers(0, 2)), min_size=1, max_size=4))
def test_figures_are_those_of_the_events(sessions):
    """Calls, messages, sessions and users of all events, and of each day of Shanghai."""
    traffic = ExamTraffic(NOW)
    events = [event for runs, days in sessions for event in traffic.session(runs, ago_ms=60_000 + days * DAY)]

    found = traffic.figures()

    assert found.keys() == set(FIGURES)
    assert found["total_calls"] == len({event["chat_id"] for event in events})
    assert found["total_messages"] == sum(event["event_type"] == "message.sent" for event in events)
    assert found["total_sessions"] == len({event["session_id"] for event in events}) == len(sessions)
    assert found["unique_users"] == len({event["user_id"] for event in events})
    by_day = [traffic.figures(traffic.today - back)["total_calls"] for back in range(4)]
    assert sum(by_day) == found["total_calls"]


def test_exams_do_not_meet():
    """Users of two exams differ, so that an exam can be repeated on one database."""
    one, two = ExamTraffic(NOW), ExamTraffic(NOW)

    assert one.bot_id != two.bot_id
    assert one.user("ann") != two.user("ann")


def test_bodies_are_written_as_the_service_writes_them():
    """Bodies have no blanks and no escaped characters."""
    assert compact({"a": "表", "b": [1]}) == '{"a":"表","b":[1]}'.encode()
