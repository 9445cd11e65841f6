"""The console without a browser: what its routes answer, and to whom."""

import json
import re
from pathlib import Path

import pytest

from mockcbs import Settings, create_app
from mockcbs.console import views
from mockcbs.console.pages import version
from mockcbs.console.words import DATASETS_IN_CHINESE, LANGUAGES, PAGES, SCENARIOS_IN_CHINESE, WORDS
from mockcbs.control.access import COOKIE, HEADER
from mockcbs.core.masking import digest
from tests.conftest import BOT, NOW, PROJECT

ANALYTICS = "/v1/bots/7342866812345678901/analytics?start_date=2026-11-16&end_date=2026-11-22"
COZE = {"Authorization": "Bearer pat_mockcbs"}
STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=day"
CONSOLE = "/_mockcbs/console"


@pytest.fixture
def client():
    return create_app(Settings(now=NOW)).test_client()


def test_browsers_are_led_to_the_console(client):
    """Whoever opens the base URL in a browser finds the console, and leaves no trace in the journal."""
    response = client.get("/", headers={"Accept": "text/html,application/xhtml+xml"}, follow_redirects=True)

    assert response.request.path == f"{CONSOLE}/analysis"
    assert client.get("/_mockcbs/journal").json["count"] == 0


@pytest.mark.parametrize("headers", [{}, {"Accept": "*/*"}, {"Accept": "application/json"}])
def test_api_clients_keep_their_404(client, headers):
    """Nothing changes for a client that calls the base URL."""
    response = client.get("/", headers=headers)

    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_in_both_languages(client, page):
    """A page has its title in the language of the browser; a choice in a cookie comes first."""
    english = client.get(f"{CONSOLE}/{page}", headers={"Accept-Language": "en-US,en;q=0.9"}).text
    chinese = client.get(f"{CONSOLE}/{page}", headers={"Accept-Language": "zh-CN,zh;q=0.9"}).text
    client.set_cookie("mockcbs_lang", "zh", path="/_mockcbs")
    chosen = client.get(f"{CONSOLE}/{page}", headers={"Accept-Language": "en"}).text

    assert f"<title>{WORDS['en'][page]}".replace("&", "&amp;") in english
    assert f"<title>{WORDS['zh'][page]}" in chinese
    assert chosen == chinese


def test_languages_have_the_same_words():
    """No page lacks a word in one of the languages."""
    assert len({frozenset(WORDS[language]) for language in LANGUAGES}) == 1


def test_every_scenario_in_chinese(client):
    """The scenarios of mockcbs are described in the language of the browser, a user's own as they are."""
    chinese = {"Accept-Language": "zh-CN"}
    own = {"name": "slow", "description": "mine", "rules": [{"when": {"nth": 1}, "wire": "reset"}]}

    shown = client.get(f"{CONSOLE}/data/overview", headers=chinese).json["scenarios"]
    client.put("/_mockcbs/scenario", json={"scenario": own})
    played = client.get(f"{CONSOLE}/data/overview", headers=chinese).json["scenario"]

    assert len(shown) == len(SCENARIOS_IN_CHINESE)
    assert [one for one in shown if not re.search(r"[\u4e00-\u9fff]", one["description"])] == []
    assert played["description"] == "mine"


def test_every_dataset_in_chinese(client):
    """The datasets of mockcbs are described in the language of the browser, a user's own as it is."""
    english = {one["name"]: one["description"] for one in client.get("/_mockcbs/datasets").json["datasets"]}
    shown = {}
    for language in ("en", "zh-CN"):
        found = client.get(f"{CONSOLE}/data/overview", headers={"Accept-Language": language}).json
        shown[language] = {one["name"]: one["description"] for one in found["datasets"]}

    client.put("/_mockcbs/dataset?name=busy", data="description: mine\nbots: []\n")
    own = client.get(f"{CONSOLE}/data/overview", headers={"Accept-Language": "zh-CN"}).json

    assert shown["en"] == english
    assert shown["zh-CN"] == DATASETS_IN_CHINESE
    assert (own["dataset"]["description"], own["chosen"]) == ("mine", True)


def test_unknown_page(client):
    """A misspelt page is answered with the pages that there are."""
    response = client.get(f"{CONSOLE}/anlysis")

    assert response.status_code == 404
    assert "analysis" in response.json["detail"]


def test_pages_allow_only_our_own_scripts(client):
    """The policy names no other host and no inline script; nobody may frame the pages."""
    policy = client.get(f"{CONSOLE}/calls").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_assets_are_cached_for_ever(client):
    """What a page loads has a digest of all assets in its address, and never changes."""
    html = client.get(f"{CONSOLE}/calls").text
    found = {name for name in re.findall(r'(?:href|src)="([^"#]+)', html) if "/assets/" in name}

    responses = [client.get(name) for name in found]

    assert len(found) >= 3
    assert {response.status_code for response in responses} == {200}
    assert all("immutable" in response.headers["Cache-Control"] for response in responses)
    assert client.get(f"{CONSOLE}/assets/other/app.js").status_code == 404
    assert client.get(f"{CONSOLE}/assets/{version()}/pages.py").status_code == 404


def test_figures_are_those_of_the_api(client):
    """The console shows the very bytes that a client gets, but for what differs in every response."""
    body = {"requests": [ANALYTICS, STATS]}

    shown = client.post(f"{CONSOLE}/data/figures", json=body).json["responses"]
    coze = client.get(ANALYTICS, headers=COZE).json
    cbs = client.get(STATS, headers={"X-Auth-Token": "any"}).text

    assert [one["status"] for one in shown] == [200, 200]
    assert f'"summary":{shown[0]["body"].partition("summary")[2][2:]}'.partition(',"detail"')[0]
    assert client.application.json.loads(shown[0]["body"])["data"] == coze["data"]
    assert shown[1]["body"] == cbs


def test_figures_leave_no_trace(client):
    """Reading figures is not journalled, meets no scenario, and does not change the ids clients get."""
    other = create_app(Settings(now=NOW)).test_client()
    client.put("/_mockcbs/scenario", json={"scenario": "outage"})

    shown = client.post(f"{CONSOLE}/data/figures", json={"requests": [ANALYTICS, STATS]}).json["responses"]
    client.delete("/_mockcbs/scenario")

    assert [one["status"] for one in shown] == [200, 200]
    assert client.get("/_mockcbs/journal").json["count"] == 0
    first, second = (one.get(ANALYTICS, headers=COZE) for one in (client, other))
    assert first.data == second.data
    assert first.headers["X-Tt-Logid"] == second.headers["X-Tt-Logid"]


def test_figures_of_another_account(client):
    """What a client did with its own token is shown for its account, not for the configured one."""
    theirs = {"Authorization": "Bearer pat_of_a_client"}
    workflow = {"workflow_id": "7389589103588700001", "parameters": {"input": "x"}}
    client.post("/v1/workflow/run", headers=theirs, json=workflow)
    target = "/v1/workflows/7389589103588700001/analytics?start_date=2026-11-22&end_date=2026-11-22"

    def calls(scope):
        body = {"requests": [target], "scope": scope}
        [shown] = client.post(f"{CONSOLE}/data/figures", json=body).json["responses"]
        return json.loads(shown["body"])["data"]["summary"]["total_calls"]

    assert calls(digest("pat_of_a_client")) == calls(None) + 1


def test_figures_when_strict():
    """The console's own requests pass the guards of a strict mock."""
    client = create_app(Settings(now=NOW, strict=True)).test_client()

    shown = client.post(f"{CONSOLE}/data/figures", json={"requests": [ANALYTICS, STATS]}).json["responses"]

    assert [one["status"] for one in shown] == [200, 200]


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"requests": "x"},
        {"requests": [1]},
        {"requests": ["v1/users/me"]},
        {"requests": ["/v1/\ud800"]},
        {"requests": ["/v1/users/me"] * 101},
    ],
)
def test_figures_that_cannot_be_read(client, body):
    """A body of another form is refused with a reason."""
    response = client.post(f"{CONSOLE}/data/figures", data=json.dumps(body), content_type="application/json")

    assert (response.status_code, response.mimetype) == (400, "application/problem+json")


def test_explanation_with_code(client):
    """A figure comes with its turns, its formula, and code for the call that gives it."""
    query = {"request": ANALYTICS, "figure": "data.summary.total_calls", "scope": ""}

    found = client.get(f"{CONSOLE}/data/explain", query_string=query).json

    assert found["value"] == client.get(ANALYTICS, headers=COZE).json["data"]["summary"]["total_calls"]
    assert len(found["turns"]) == 50
    assert found["formula"]
    assert "pat_mockcbs" in next(one["code"] for one in found["samples"] if one["language"] == "curl")


def test_code_only_for_our_own_account(client):
    """The configured token does not give the figures of another account, so no code is shown for it."""
    query = {"request": ANALYTICS, "figure": "data.summary.total_calls", "scope": "token:0123456789abcdef"}

    assert client.get(f"{CONSOLE}/data/explain", query_string=query).json["samples"] == []
    wrong = {**query, "page_token": "x"}
    assert client.get(f"{CONSOLE}/data/explain", query_string=wrong).status_code == 400


class TestControlToken:
    """With ``--control-token``."""

    @pytest.fixture
    def client(self):
        return create_app(Settings(now=NOW, control_token="open sesame")).test_client()

    @pytest.mark.parametrize("path", ["data/overview", "data/bots", "data/calls", "events"])
    def test_data_needs_it(self, client, path):
        """A page loads, as it holds no data; what it reads is refused."""
        assert client.get(f"{CONSOLE}/analysis").status_code == 200
        assert client.get(f"{CONSOLE}/{path}").status_code == 401

    def test_sign_in(self, client):
        """The token is sent once, in a body; a cookie that no script reads stands for it afterwards."""
        response = client.post(f"{CONSOLE}/session", json={"token": "open sesame"})
        cookie = response.headers["Set-Cookie"]

        assert response.status_code == 204
        assert {"HttpOnly", "SameSite=Strict", "Path=/_mockcbs"} <= set(cookie.split("; "))
        assert "sesame" not in cookie
        assert client.get(f"{CONSOLE}/data/overview").status_code == 200
        assert client.get("/_mockcbs/journal").status_code == 200

        client.delete(f"{CONSOLE}/session", headers={HEADER: "1"})
        assert client.get(f"{CONSOLE}/data/overview").status_code == 401

    def test_wrong_token(self, client):
        """A wrong token, a forged cookie and a body of another form open nothing."""
        wrong = client.post(f"{CONSOLE}/session", json={"token": "open"})
        client.set_cookie(COOKIE, "signed in", path="/_mockcbs")

        assert wrong.status_code == 401
        assert "Set-Cookie" not in wrong.headers
        assert client.get(f"{CONSOLE}/data/overview").status_code == 401
        assert client.post(f"{CONSOLE}/session", json=["open sesame"]).status_code == 400


@pytest.mark.parametrize("path", ["", "/analysis", f"/assets/{version()}/app.js", "/data/bots"])
def test_no_control(path):
    """Closed, none of it is there, and the base URL leads nowhere."""
    client = create_app(Settings(control=False)).test_client()

    assert client.get(f"{CONSOLE}{path}").status_code == 404
    assert client.get("/", headers={"Accept": "text/html"}).status_code == 404


def test_foreign_pages_see_nothing(client):
    """A page of another origin can neither load the console in a frame nor read its data."""
    foreign = {"Origin": "http://evil.test"}

    assert client.get(f"{CONSOLE}/data/calls", headers=foreign).status_code == 403
    assert client.post(f"{CONSOLE}/data/calls/1/again", headers=foreign).status_code == 403
    assert client.get(f"{CONSOLE}/analysis", headers={"Host": "evil.test"}).status_code == 403


def test_nothing_is_loaded_at_the_start():
    """The module with the routes imports no other of the console."""
    source = Path(views.__file__).read_text("utf-8")

    assert not re.findall(r"^from mockcbs\.console", source, re.MULTILINE)


def test_the_pages_are_small():
    """All that a browser loads is under 120 KB, and none of it is minified or from elsewhere."""
    room = Path(views.__file__).parent
    files = [
        file.read_text("utf-8")
        for name in ("static", "templates")
        for file in (room / name).iterdir()
        if file.stem != "explorer"
    ]

    assert sum(len(text.encode()) for text in files) < 120 * 1024
    assert not [text for text in files if re.search(r"https?://(?!www\.w3\.org|127\.0\.0\.1)", text)]
    assert max(len(line) for text in files for line in text.splitlines()) < 600


def test_words_in_both_languages():
    """Every text that a script asks for is there in English and in Chinese, and no other."""
    static = Path(views.__file__).parent / "static"
    known = re.findall(
        r'^  (\w+): \["(.*)", "(.*)"\],$', (static / "words.js").read_text("utf-8"), re.MULTILINE
    )
    scripts = "".join(file.read_text("utf-8") for file in static.glob("*.js") if file.name != "words.js")
    asked = set(re.findall(r'\bt\("(\w+)"', scripts))
    begins = tuple(re.findall(r"\bt\(`(\w+_)\$", scripts))

    names = {name for name, *_ in known}
    assert asked <= names
    assert all(
        re.findall(r"\{\w+\}", english).sort() == re.findall(r"\{\w+\}", chinese).sort()
        for _, english, chinese in known
    )
    unused = {name for name in names - asked if not name.startswith(begins) and f'"{name}"' not in scripts}
    assert not unused
