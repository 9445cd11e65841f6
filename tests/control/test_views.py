"""The control API over HTTP."""

import csv
import io
import json

import pytest

from mockcbs import Settings, create_app
from tests.conftest import BOT, NOW, PROJECT
from tests.control.statistics import TOKEN, stats


def test_health(client):
    """The response names the version, the dataset and the seed."""
    body = client.get("/_mockcbs/health").json

    assert (body["status"], body["dataset"], body["seed"], body["now"]) == ("ok", "everyday", 42, NOW)
    assert client.get("/_mockcbs/ready").json["status"] == "ready"


def test_settings_without_secrets():
    """All settings are shown, and secrets are masked."""
    client = create_app(Settings(seed=7, secret="hide", secret_key="hide", iam_password="hide")).test_client()

    text = client.get("/_mockcbs/settings").text

    assert json.loads(text)["seed"] == 7
    assert json.loads(text)["access_key"] == "MOCKCBSAK"
    assert "hide" not in text


def test_near_misses_are_kept(client, caplog):
    """A path, a method and a parameter that fit nothing are explained; the bytes stay the vendor's."""
    caplog.set_level("INFO")
    base = f"/v1/{PROJECT}/qabots/{BOT}"
    path = client.get(f"{base}/session_stats", headers=TOKEN)
    method = client.post(f"{base}/requests/keywords", headers=TOKEN)
    parameter = client.get(f"{base}/requests/session-stats?interval=day&inteval=week", headers=TOKEN)
    stray = client.get("/session_stats", headers=TOKEN)

    entries = client.get("/_mockcbs/journal").json["entries"]

    route = "/v1/<project_id>/qabots/<qabot_id>/requests"
    spelt = "path segment 'session_stats' should be 'session-stats'"
    assert [answer.status_code for answer in (path, method, parameter)] == [404, 404, 200]
    assert [entry["near_misses"][0] for entry in reversed(entries)] == [
        f"GET {route}/session-stats: path segment 'requests' is missing; {spelt}",
        f"GET {route}/keywords: method POST should be GET",
        "parameter 'inteval' is ignored; did you mean 'interval'?",
        stray.json["nearest"][0],
    ]
    assert stray.json["nearest"][0].startswith(f"GET {route}/session-stats: ")
    logged = [record.getMessage() for record in caplog.records]
    assert all(
        told in line
        for told, line in zip((spelt, "POST should be GET", "inteval", spelt), logged, strict=True)
    )


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        (
            "GET",
            stats(query="interval=day&intervall=week"),
            None,
            ["parameter 'intervall' is ignored; did you mean 'interval'?"],
        ),
        (
            "GET",
            stats(query="interval=day&timezone="),
            None,
            ["parameter 'timezone' is ignored; did you mean 'time_zone'?"],
        ),
        (
            "POST",
            f"/v1/{PROJECT}/qabots/{BOT}/chat",
            {"question": "hi", "userid": "u", "extends": {"sorce": 3}},
            [
                "parameter 'userid' is ignored; did you mean 'user_id'?",
                "parameter 'extends.sorce' is ignored; did you mean 'extends.source'?",
            ],
        ),
        (
            "GET",
            "/v1/bots/7342866812345678901/analytics?start_date=2026-11-01&end_date=2026-11-02&granularty=day",
            None,
            ["parameter 'granularty' is ignored; did you mean 'granularity'?"],
        ),
        (
            "POST",
            "/v1/conversation/create",
            {"messages": [{"role": "user", "contnt": "x", "content": "hi", "content_type": "text"}]},
            ["parameter 'messages.contnt' is ignored; did you mean 'messages.content'?"],
        ),
    ],
)
def test_misspelt_parameters_are_told(client, caplog, method, path, body, told):
    """Journal and log name the probable parameter; the response is the vendor's success."""
    caplog.set_level("INFO")

    answer = client.open(
        path, method=method, json=body, headers={**TOKEN, "Authorization": "Bearer pat_mockcbs"}
    )

    (entry,) = client.get("/_mockcbs/journal").json["entries"]
    assert (answer.status_code, answer.json.get("code", 0)) == (200, 0)
    assert entry["near_misses"] == told
    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == told


def test_metrics(client):
    """Calls, faults and durations in Prometheus' form; cumulative classes end with all calls."""
    client.get(stats(), headers=TOKEN)
    client.get(stats(), headers={**TOKEN, "Prefer": "scenario=server-error"})

    lines = client.get("/_mockcbs/metrics").text.splitlines()

    labels = 'operation="cbs.session_stats",service="cbs"'
    assert f'mockcbs_requests_total{{{labels},status="200"}} 1.0' in lines
    assert f'mockcbs_requests_total{{{labels},status="500"}} 1.0' in lines
    assert 'mockcbs_faults_total{scenario="server-error"} 1.0' in lines
    assert f'mockcbs_request_seconds_bucket{{le="+Inf",{labels}}} 2.0' in lines


def test_openapi(client):
    """The document has every route of the mock except the console's pages and their files."""
    paths = client.get("/_mockcbs/openapi.json").json["paths"]

    routed = {
        rule.rule.replace("<", "{").replace(">", "}").replace("?uploadId", "?uploadId={uploadId}")
        for rule in client.application.rules()
        if not rule.endpoint.startswith(("console.", "explorer."))
    }
    assert set(paths) == routed
    assert "put" in paths["/_mockcbs/clock"]


def test_no_control():
    """Closed, the control API is not there; the services are."""
    client = create_app(Settings(control=False)).test_client()

    assert client.get("/_mockcbs/health").status_code == 404
    assert client.get(stats(), headers=TOKEN).status_code == 200


def test_control_token():
    """With a token set, the control API requires it."""
    client = create_app(Settings(control_token="open")).test_client()

    answers = [
        client.get("/_mockcbs/health", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in ("open", "shut", "öpen")
    ]

    assert answers == [200, 401, 401]
    assert client.get("/_mockcbs/health").status_code == 401
    assert client.get("/_mockcbs/ready").status_code == 200, "probes have no token"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/journal?limit=x", None),
        ("GET", "/journal?nothing=1", None),
        ("GET", "/journal?project=a&token=b", None),
        ("POST", "/journal/verify", b"{"),
        ("POST", "/journal/verify", b'{"count": -1}'),
        ("POST", "/journal/verify", b'{"count": 1, "at_most": 1}'),
        ("POST", "/journal/verify", b'{"at_least": 3, "at_most": 1}'),
        ("POST", "/journal/verify", b'{"pattern": {"operation": "cbs.sesion_stats"}, "count": 0}'),
        ("GET", "/journal?operation=nope", None),
        ("GET", "/journal?operation=", None),
        ("DELETE", "/journal?project=", None),
        ("POST", "/reset?token=", None),
        ("GET", f"/export?bot={BOT}&from=", None),
        ("GET", "/journal?service=cbss", None),
        ("GET", "/journal?since=5&until=5", None),
        ("PUT", "/scenario", b""),
        ("PUT", "/scenario", b"[]"),
        ("PUT", "/scenario", b'{"scenario": 5}'),
        ("PUT", "/scenario", b'{"scenario": "x"}'),
        ("PUT", "/clock", b"\xff"),
    ],
)
def test_mistakes_are_problems(client, method, path, body):
    """Invalid input is refused as a problem of mockcbs, never as an error of a vendor."""
    answer = client.open(f"/_mockcbs{path}", method=method, data=body)

    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["detail"]


def test_export_keeps_what_looks_like_a_formula(client):
    """Cells hold exactly what was asked, as programs compute with them."""
    questions = {"=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://a")'}
    for question in questions:
        asked = {"question": question, "user_id": "anna"}
        client.post(f"/v1/{PROJECT}/qabots/{BOT}/chat", json=asked, headers={"X-Auth-Token": "t"})

    table = client.get(f"/_mockcbs/export?bot={BOT}&project={PROJECT}").text

    assert questions <= {row["question"] for row in csv.DictReader(io.StringIO(table))}


def test_export_holds_what_clients_asked(client):
    """Every question is exported at once, exactly once, and only in its project; generated turns as ever."""
    asked = client.post(
        f"/v1/p1/qabots/{BOT}/chat",
        json={"question": "量子计算机多少钱", "user_id": "anna"},
        headers={"X-Auth-Token": "t"},
    )

    def rows(project: str, form: str = "csv") -> list[str]:
        table = client.get(f"/_mockcbs/export?bot={BOT}&project={project}&format={form}")
        assert table.status_code == 200
        return table.get_data(as_text=True).splitlines()

    here, elsewhere = rows("p1"), rows("p2")
    assert asked.status_code == 200
    assert len(here) == len(elsewhere) + 1
    assert [row for row in here if "量子计算机多少钱" in row] == [here[-1]]
    assert f",{asked.json['session_id']},anna," in here[-1]
    assert json.loads(rows("p1", "jsonl")[-1])["question"] == "量子计算机多少钱"
