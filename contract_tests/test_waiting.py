"""Rules about expiry. pytest runs this module last, when enough time has passed."""

from mockcbs.contract_tests.test_conversation import idle_session

from mockcbs.contract.cbs import Cbs
from mockcbs.contract.dialogue import SESSION_LIFE, Dialogue
from mockcbs.contract.kit import Kit, NotApplicableError, checks, made_up

_SLACK = 5000
_MINUTES = 600_000
_DAY = 86_400_000
_NOTHING = "start_time=0&end_time=1&interval=day"


@checks("auth.expired")
def test_tokens_expire(kit: Kit) -> None:
    """A token expires after a day. The check sets the clock back afterwards."""
    if kit.skip is None or not kit.token:
        raise NotApplicableError("needs a token, and a target whose clock the kit can move by a day")
    kit.skip(_DAY - _MINUTES)
    before = Cbs.of(kit).get("session-stats", _NOTHING)
    kit.skip(2 * _MINUTES)
    after = Cbs.of(kit).get("session-stats", _NOTHING)
    kit.skip(-_DAY - _MINUTES)

    kit.expect("auth.expired", before, before.status, 200, "status within a day")
    kit.expect("auth.expired", after, after.status, 401, "status after a day")
    message = "Incorrect IAM authentication information: token expires, expires_at: "
    said = str(after.json.get("error_msg"))
    kit.judge("auth.expired", after, f"{message}…", said, held=said.startswith(message))


@checks("cbs.session-life")
def test_sessions_expire(kit: Kit) -> None:
    """A session expires two minutes after its last answer; each answer extends it."""
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
