"""What only time shows; it stands last, so that a run has taken some."""

from mockcbs.contract_tests.test_conversation import idle_session

from mockcbs.contract.dialogue import SESSION_LIFE, Dialogue
from mockcbs.contract.kit import Kit, checks, made_up

_SLACK = 5000


@checks("cbs.session-life")
def test_sessions_expire(kit: Kit) -> None:
    """Two minutes after its last answer a session is over; up to then, each answer prolongs it."""
    talk = Dialogue.writing(kit)
    session_id, since = idle_session(kit)

    if kit.skip is not None:
        session_id = talk.chat(made_up()).json["session_id"]
        for _ in range(2):
            talk.wait(SESSION_LIFE - _SLACK, since)
            answer = talk.chat(made_up(), session_id=session_id)
            kit.expect(
                "cbs.session-life", answer, answer.json["session_id"] == session_id, True, "same session"
            )
    talk.wait(SESSION_LIFE + _SLACK, since)
    answer = talk.chat(made_up(), session_id=session_id)

    kit.expect("cbs.session-life", answer, answer.json["session_id"] != session_id, True, "another session")
