"""Every row of `docs/limits.md` is true; `tests/server/test_limits.py` shows those about the server."""

import pytest

import tests.server.test_limits
import tests.server.test_looking
import tests.server.test_pipelining
import tests.server.test_reads  # noqa: F401 - so are its tests
from mockcbs import Settings, create_app, state
from mockcbs.backend import bots
from mockcbs.backend.sqlite import database, peers
from mockcbs.core import files
from mockcbs.core.errors import UserError
from mockcbs.exchanges import file as exchange_file
from mockcbs.exchanges import upstream
from mockcbs.journal.entry import MAX_BODY
from mockcbs.messages import store
from mockcbs.services.oss import xml
from mockcbs.traffic import recording, recordings
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.webhooks import deliveries, posting, sender
from tests.conftest import BOT, NOW, PROJECT
from tests.docs.limits import KB, MB, TESTED, row, rows


def test_every_row_has_a_test():
    """The page states what is tested here, no more, no less, and no other value."""
    assert rows() == TESTED


@row("memory for what clients make", "512 MB")
def test_memory():
    """A request that exceeds the memory limit is refused in the format of the service or the control API."""
    assert Settings().memory * MB == 512 * MB
    app = create_app(Settings(now=NOW, memory=1))
    client, mock = app.test_client(), app.extensions["mockcbs"]
    mock.documents.put("test", "p", "a", {"text": "x" * (MB - 2000)})
    rules = [{"answer": {"status": 500, "body": "x" * 5000}}]

    session = client.post(f"/v1/{PROJECT}/qabots/{BOT}/sessions", headers={"X-Auth-Token": "t"}, json={})
    for _ in range(3):
        session = client.post(f"/v1/{PROJECT}/qabots/{BOT}/sessions", headers={"X-Auth-Token": "t"}, json={})
    scenario = client.put("/_mockcbs/scenario", json={"scenario": {"name": "big", "rules": rules}})

    assert session.status_code == 503
    assert "(--memory)" in session.headers["X-Mockcbs-Reason"]
    assert (scenario.status_code, scenario.mimetype) == (503, "application/problem+json")
    assert mock.documents.get("test", "p", "a")
    client.post("/_mockcbs/reset")
    again = client.post(f"/v1/{PROJECT}/qabots/{BOT}/sessions", headers={"X-Auth-Token": "t"}, json={})
    assert again.status_code == 200


@row("recorded questions in all", "250,000")
@row("recorded questions of one bot in one scope", "200,000")
def test_recorded_questions():
    """`tests/traffic/test_log.py` shows what is dropped; half of the memory is theirs, too."""
    assert (recordings.MAX_RECORDED, recording.MAX_TURNS) == (250_000, 200_000)
    mock = create_app(Settings(now=NOW, memory=1)).extensions["mockcbs"]
    for number in range(1000):
        mock.log.record(Turn(BOT, "s", "u", number, Utterance("x" * 500, "chat")), "p")

    assert 100 < len(mock.log.recordings.of("p", BOT).turns) < 500


@row("characters of a question that are compared and searched for keywords", "2,000")
def test_long_questions():
    """Of a question, its first 2,000 characters find answers and keywords."""
    app = create_app(Settings(now=NOW))
    mock = app.extensions["mockcbs"]
    mock.log.record(Turn(BOT, "s", "", NOW, Utterance(" " * 1_996 + "VPN" + " NAS", "notmatch")), PROJECT)
    question = mock.dataset.knowledge.pairs[0].question

    assert mock.log.bot(BOT, NOW, PROJECT).keywords()[-1] == ["VPN"]
    answerer = mock.answerer_of(BOT)
    assert answerer.pairs(question + "x" * 2_000) == answerer.pairs(question + "x" * 9_000)
    assert answerer.pairs("." * 2_000 + question) == []


@row("rules of a scenario", "1,000")
def test_rules():
    """A scenario of one more is refused, and names the limit."""
    rules = [{"answer": {"error": "server-error"}}] * 1001
    client = create_app(Settings()).test_client()

    full = client.put("/_mockcbs/scenario?project=rules", json={"scenario": {"rules": rules[:-1]}})
    over = client.put("/_mockcbs/scenario?project=rules", json={"scenario": {"rules": rules}})

    assert (full.status_code, over.status_code) == (200, 400)
    assert over.json["detail"] == "rules: give 1 to 1,000 rules"


@row("bots remembered of one scope", "1,000")
def test_bots():
    """`tests/backend/test_bots.py` shows what happens beyond it."""
    assert bots.MAX_BOTS == 1000


@row("time that another program's lock on the state file is waited for", "1 s")
@row("time that another worker's write is waited for", "10 s")
@row("time for all other workers to answer", "1 s")
def test_waiting_for_others():
    """`tests/backend/sqlite/` shows what happens beyond them."""
    assert (database._BUSY_SECONDS, database.GATE_SECONDS, peers._TIMEOUT) == (1.0, 10.0, 1.0)


@row("time that a reset waits for calls that are being answered", "0.5 s")
def test_waiting_for_calls():
    """`tests/hooks/test_receive.py` shows that a reset waits."""
    assert state.MAX_RESET_WAIT == 0.5


LOGIN = "/v3/auth/tokens"


def reason_for(body: bytes) -> str:
    """Why a body is refused."""
    client = create_app(Settings()).test_client()
    response = client.post(LOGIN, data=body)
    assert response.status_code == 400
    return response.headers["X-Mockcbs-Reason"]


@row("JSON text", "4 MB")
@row("decoded JSON text with characters beyond U+FFFF", "2,621,440 characters")
@row("values and members of a JSON text", "50,000")
@row("levels of a JSON text", "64")
@row("digits of a whole number", "309")
def test_json_texts():
    """The reason names the limit that was exceeded."""
    wide = "\U0001f600".encode() + b"a" * 2_700_000

    assert f"at most {4 * MB} are accepted" in reason_for(b'"' + b"a" * 4 * MB + b'"')
    assert "at most 2621440 such are accepted" in reason_for(b'"' + wide + b'"')
    assert "more than 50000 values" in reason_for(b"[" + b"0," * 50_000 + b"0]")
    assert "more than 64 levels" in reason_for(b"[" * 65 + b"]" * 65)
    assert "more than 309 digits" in reason_for(b"9" * 310)


@row("items of a list, members of an object", "1,000")
@row("items of a list of objects", "100, unless the vendor states another number")
@row("problems named by one refusal", "10")
def test_items():
    """The limits of plain values, of objects, and of the problems of a hundred of them hold."""
    client = create_app(Settings()).test_client()
    headers = {"Authorization": "Bearer pat_mockcbs"}
    members = b",".join(b'"%d":0' % number for number in range(1_001))

    def refused(items: list) -> str:
        variables = {"connector_uid": "u", "bot_id": "1", "data": items}
        return client.put("/v1/variables", json=variables, headers=headers).json["msg"]

    assert "at most 1000 are accepted" in reason_for(b"{" + members + b"}")
    assert "100" in refused([{}] * 101)
    assert refused([{}] * 100).count("is required") == 10


@row("values of a YAML file, aliases counted in full", "2,000,000")
@row("levels of a YAML file", "1,000")
def test_yaml():
    """A file with too many values or levels is refused with the line, also if aliases make the values."""
    lines = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 200)}]" for level in (1, 2, 3)]
    many = "\n".join([f"a0: &a0 [{', '.join('x' * 200)}]", *lines])

    with pytest.raises(UserError, match=r"mine\.yaml:3: more than 2000000 values, aliases counted in full"):
        files.parse_text(many, "mine.yaml")
    assert files.parse_text("[" * 999 + "]" * 999, "mine.yaml")
    with pytest.raises(UserError, match=r"mine\.yaml:1: "):
        files.parse_text("[" * 1001 + "]" * 1001, "mine.yaml")


@row("XML for OSS", "2 MB")
def test_xml():
    """A larger body is refused before it is parsed."""
    with pytest.raises(xml.XMLInputError, match="accepted are 2097152"):
        xml.parsed(b"<Delete>" + b" " * 2 * MB + b"</Delete>", "Delete")


@row("deliveries that wait in one scope for one webhook", "20,000")
@row("finished deliveries of one scope", "20,000")
@row("response to a webhook", "1 MB")
@row("time for a response to a webhook", "3 s, for `bot.published` 10 s")
@row("sent messages of one scope", "5,000")
def test_deliveries_and_messages():
    """The page states the values of the code; tests of each package show what happens beyond them."""
    assert (deliveries.MAX_WAITING, deliveries.MAX_FINISHED) == (20_000, 20_000)
    assert posting.MAX_RESPONSE == MB
    assert (sender.TIMEOUT, sender.TIMEOUTS) == (3.0, {"bot.published": 10.0})
    assert store.MAX_KEPT == 5_000


@row("body kept by the journal", "16 KB")
@row("requests kept by the journal", "1,000")
@row("YAML file", "32 MB")
@row("formula of Airtable", "100,000 characters")
@row("names, values, operators and brackets of a formula of Airtable", "30,000")
@row("steps of a formula of Airtable for all records", "5,000,000")
@row("characters of the texts that a formula of Airtable makes for a record", "2,000,000")
def test_formulas():
    """A formula beyond a limit is refused, and the reason names the limit."""
    client = create_app(Settings(now=NOW)).test_client()
    headers = {"Authorization": "Bearer patmockcbs.mockcbs"}
    client.post("/v0/app00000000000001/T", json={"fields": {"workflow_id": "w"}}, headers=headers)

    for formula, limit in (
        ("1+" * 30_000 + "1", "30000 names"),
        ("REGEX_MATCH(REPT('a', 100000), '(a?){1000}b')", "5000000 steps"),
        (f"LEN({'&'.join(['LEFT(REPT(0, 90000), 1)'] * 30)})", "2000000 characters"),
    ):
        body = {"filterByFormula": formula}
        refused = client.post("/v0/app00000000000001/T/listRecords", json=body, headers=headers)
        assert refused.status_code == 422
        assert refused.json["error"]["type"] == "INVALID_FILTER_BY_FORMULA"
        assert limit in refused.json["error"]["message"]
    body = {"filterByFormula": "1" * 100_001}
    refused = client.post("/v0/app00000000000001/T/listRecords", json=body, headers=headers)
    assert refused.status_code == 422


@row("file of exchanges for `--replay`", "256 MB")
@row("body that `mockcbs record` writes down", "16 MB")
def test_what_is_kept_and_read():
    """The page states the values of the code; tests of each package show what happens beyond them."""
    assert MAX_BODY == 16 * KB
    assert Settings().journal_size == 1_000
    assert files._LARGEST_FILE == 32 * MB
    assert exchange_file._LARGEST_FILE == 256 * MB
    assert upstream.MAX_BODY == 16 * MB
