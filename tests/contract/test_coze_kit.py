"""The Coze half of the kit on healthy mocks: nothing breaks, all is asked, nothing is written unasked."""

import json
import re

import pytest

from mockcbs import Settings, create_app
from mockcbs.contract import compare
from mockcbs.contract.catalogue import CLAUSES, all_checks
from mockcbs.contract.coze import Coze
from mockcbs.contract.ledger import Ledger
from mockcbs.contract.opening import open_kit
from mockcbs.contract.options import Options
from mockcbs.contract.runner import run
from tests.conftest import NOW
from tests.contract.coze_kits import kit_of

CHECKS = [check for check in all_checks() if check.clauses[0].startswith("coze.")]
NO_CHATFLOW = {"coze.run.chatflow"}


@pytest.mark.parametrize(
    ("seed", "now"),
    [
        pytest.param(42, NOW, id="42", marks=pytest.mark.slow),
        pytest.param(7, 1_709_247_599_999, id="7", marks=pytest.mark.slow),
        pytest.param(2026, 1_735_660_799_000, id="2026", marks=pytest.mark.slow),
    ],
)
def test_healthy_mock_breaks_nothing(seed, now):
    """With permission to write, all clauses hold except that on chatflows, which the dataset lacks."""
    ledger = run(open_kit(Options(seed=seed, now=now, allow_writes=True)), CHECKS)

    coze = {name: entry for name, entry in ledger.entries.items() if name.startswith("coze.")}
    assert [(name, entry.broken) for name, entry in coze.items() if entry.broken] == []
    assert {name for name, entry in coze.items() if entry.verdict != "held"} == NO_CHATFLOW


@pytest.mark.parametrize("seed", [7, 8, 42])
def test_events_of_two_days_are_read(seed):
    """Some rules are about users who come on several days, so the events of one day are not enough."""
    coze = Coze.of(kit_of(create_app(Settings(now=NOW, seed=seed)), writes=False, now=NOW))

    first, last = coze.traced

    assert first < last


def test_every_operation_is_asked():
    """The checks call every route; on a bot with little traffic nothing breaks either."""
    app, asked = create_app(Settings(dataset="coze-sample", strict=True)), set()

    @app.before_request
    def note() -> None:
        from flask import request

        asked.add((request.method, request.url_rule and request.url_rule.rule))

    ledger = run(kit_of(app, writes=True), CHECKS)

    rules = [rule for rule in app.rules() if rule.endpoint.startswith("coze.")]
    routes = {(method, rule.rule) for rule in rules for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert routes - asked == set()
    assert ledger.of("broken") == []
    assert {entry.clause.id for entry in ledger.of("not reached")} == {"coze.analytics.people"}


def test_nothing_is_written_unasked():
    """Without permission to write, the mock refuses every call that could change something."""
    app = create_app(Settings(now=NOW, strict=True))
    kit = kit_of(app, writes=False)

    run(kit, CHECKS)

    changing = [answer for _, _, answer in kit.heard if answer.call.method != "GET" and answer.status < 400]
    answers = [answer.body for answer in changing if not answer.body.startswith(b"id:0\nevent:Error\n")]
    assert {json.loads(body)["code"] for body in answers} & {0, None} == set()
    assert app.extensions["mockcbs"].documents.select("coze.conversation", "2478774393250001") == []


@pytest.mark.slow
def test_people_are_not_shown():
    """The evidence contains nothing about users of Coze, users of a bot, or its authors, but all the rest."""
    kit = kit_of(create_app(Settings(now=NOW, strict=True)), writes=True)
    run(kit, CHECKS)
    kit.ledger = Ledger(CLAUSES["coze"])

    heard = [answer for service, _, answer in kit.heard if service == "coze"]
    shown = []
    for answer in heard:
        kit.judge("coze.http.logid", answer, "nothing", answer.text, held=False)
        shown += [(piece.found, piece.excerpt) for piece in kit.ledger.entries["coze.http.logid"].broken]
        kit.ledger.entries["coze.http.logid"].broken.clear()

    text = "\n".join(f"{found}\n{excerpt}" for found, excerpt in shown)
    assert not re.search(r'"(user_name|nick_name|\w*user_id|\w*_uid)":"(?!\*{4}|\*{0,3}\n)', text)
    assert not re.search(r'user-\d{5}|"creator":\{', text)
    assert '"user_name":"****","nick_name":"****"' in text
    assert '"{workspace_id}"' in text
    assert '"creator":****' in text
    assert '"event_type":"execution.completed"' in text


def test_a_server_of_statistics_only():
    """On a server with only the analytics, the rest is not applicable and nothing breaks."""
    healthy = create_app(Settings(dataset="coze-sample", strict=True))

    def app(environ, start_response):
        if (
            not environ["PATH_INFO"].rstrip("/").endswith("/analytics")
            or "/bots/" not in environ["PATH_INFO"]
        ):
            environ["PATH_INFO"] = environ["REQUEST_URI"] = "/v1/bots/no/such/path"
        return healthy(environ, start_response)

    kit = kit_of(app, writes=True, now=healthy.extensions["mockcbs"].clock.now())
    ledger = run(kit, CHECKS)

    assert [
        (entry.clause.id, entry.broken[0].request, entry.broken[0].found) for entry in ledger.of("broken")
    ] == []
    held = {entry.clause.id for entry in ledger.of("held")}
    assert {"coze.analytics.sums", "coze.analytics.longest-days", "coze.auth.missing"} <= held
    assert ledger.entries["coze.chat.begins"].reason == "the target does not serve /v3/chat"


@pytest.mark.slow
def test_compare_finds_what_differs_in_shape(monkeypatch):
    """Mocks with other seeds have equal shapes, for any rates; a renamed member is a difference."""
    options = Options(now=NOW)
    kit = open_kit(options)
    run(kit, CHECKS)
    same, other = open_kit(Options(now=NOW, seed=7)), open_kit(options)
    send = other.targets["coze"].send

    def renamed(call):
        answer = send(call)
        object.__setattr__(answer, "body", answer.body.replace(b'"timezone"', b'"zone"'))
        return answer

    monkeypatch.setattr(other.targets["coze"], "send", renamed)

    assert compare.compare(kit, same) == compare.Comparison([])
    found = {(row.where, row.one, row.other) for row in compare.compare(kit, other).differences}
    assert found == {("data.timezone", "string", "absent"), ("data.zone", "absent", "string")}
