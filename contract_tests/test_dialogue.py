"""What writing does to the statistics; only where writing is allowed."""

import json

from mockcbs.contract.cbs import Cbs
from mockcbs.contract.kit import Kit, NotApplicableError, checks, made_up

_LOOKS = 5


@checks("cbs.counted")
def test_question_is_counted(kit: Kit) -> None:
    """One question of a new user is one question, one session and one user more."""
    if not kit.writes:
        raise NotApplicableError("writing is not allowed (--allow-writes)")
    cbs = Cbs.of(kit)
    before = [cbs.read(operation)["total"] for operation in ("reply-rates", "session-stats")]

    body = json.dumps({"question": made_up(), "user_id": made_up()}).encode()
    asked = cbs.get("chat", method="POST", body=body)

    if asked.status == 404:
        raise NotApplicableError("the target does not serve chat")
    kit.expect("cbs.counted", asked, asked.status, 200, "status of chat")
    for _ in range(_LOOKS):
        after = [cbs.read(operation)["total"] for operation in ("reply-rates", "session-stats")]
        if after[0]["question_count"] > before[0]["question_count"]:
            break
    for place, name in ((0, "question_count"), (1, "session_count"), (1, "user_count")):
        grown = after[place][name] - before[place][name]
        kit.judge("cbs.counted", asked, f"{name} has grown", f"by {grown}", held=grown >= 1)
