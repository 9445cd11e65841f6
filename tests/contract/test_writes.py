"""What the kit says of servers that count what they are asked, and of those that do not."""

import pytest
import simplejson
from werkzeug import Request, Response

from mockcbs import Settings, create_app
from mockcbs.contract.kit import Kit
from mockcbs.contract.runner import Options, all_checks, open_kit, run
from mockcbs.contract.targets import WsgiTarget
from mockcbs.traffic.knowledge import Turn, Utterance
from tests.conftest import NOW, PROJECT

(COUNTED,) = (check for check in all_checks() if "cbs.counted" in check.clauses)


def talkative(*, counts: bool):
    """A mock with the least of a chat, which enters questions in the log, or does not."""
    app = create_app(Settings(now=NOW, strict=True))
    log = app.extensions["mockcbs"].log

    def application(environ, start_response):
        request = Request(environ)
        if not request.path.endswith("/chat"):
            return app(environ, start_response)
        body = request.get_json()
        if counts:
            said = Utterance(body["question"], "notmatch")
            bot = request.path.split("/")[4]
            log.record(Turn(bot, body["question"], body["user_id"], NOW, said, 5), PROJECT)
        answer = {"reply_type": 0, "session_id": "s", "request_id": "r"}
        response = Response(simplejson.dumps(answer, separators=(",", ":")), mimetype="application/json")
        response.headers.update({"X-Request-Id": "0" * 32, "Server": "api-gateway"})
        return response(environ, start_response)

    return application


def verdict_on(application, *, writes: bool) -> str:
    kit: Kit = open_kit(Options(now=NOW, allow_writes=writes))
    if application:
        target = WsgiTarget(application)
        kit.targets = {"cbs": target, "iam": target}
    return run(kit, [COUNTED]).entries["cbs.counted"].verdict


@pytest.mark.parametrize(("counts", "verdict"), [(True, "held"), (False, "broken")])
def test_a_question_must_be_counted(counts, verdict):
    """Where writing is allowed, an asked question shows in reply-rates and session-stats."""
    assert verdict_on(talkative(counts=counts), writes=True) == verdict


def test_nothing_is_written_unasked():
    """Without leave to write no question is asked."""
    assert verdict_on(talkative(counts=True), writes=False) == "not applicable"
