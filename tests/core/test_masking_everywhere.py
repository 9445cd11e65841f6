"""Whatever is secret, wherever it stands in a request or an answer, nothing that is kept or shown has it."""

import json
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.core import masking
from mockcbs.journal.journal import Journal
from mockcbs.services import registry
from tests.core.test_secret_values import BODIES, NAMES, SECRET
from tests.thoroughness import examples

HEADERS = sorted(
    {
        *("Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-Access-Token", "Api-Key"),
        *(name for service in registry.services() for name in service.secrets.headers),
    }
)


@pytest.mark.parametrize(
    "value", ["Basic  {}", "bearer {}", "Bearer a {}", "Bearer a,{}", "SDK-HMAC-SHA256 {}", "{} a"]
)
def test_headers_of_any_form(value):
    """The secret is masked, however many words the header has."""
    for name in HEADERS:
        assert SECRET not in str(masking.headers([(name, value.format(SECRET))])), name


def test_headers_with_addresses():
    """A secret in an address is masked in every header."""
    for name in ("Referer", "Location", "Link", "X-Original-URL"):
        assert SECRET not in str(masking.headers([(name, f"https://a.example/?token={SECRET}")]))


def test_the_canonical_request_of_the_gateway():
    """Signed headers that are secret are masked where the gateway's error quotes them; the others stay."""
    lines = "access_token=S3cr3t-Q|host:mock|x-security-token:S3cr3t-Pl4nted|x-sdk-date:2|"
    message = f"canonicalRequest:GET|/v1/|{lines}"

    shown = masking.text(json.dumps({"error_msg": message}))

    assert "S3cr3t" not in shown
    assert "|host:mock|" in shown
    assert "|x-sdk-date:2|" in shown
    assert {"S3cr3t-Q", "S3cr3t-Pl4nted"} <= {*masking.values(message)}


@pytest.mark.parametrize(
    "harmless",
    [
        '{"page_token":"abc","next_page_token":"abc"}',
        '{"max_tokens":5,"total_tokens":7,"token_count":1,"input_count":2}',
        '{"code":0,"msg":"ok"}',
        '{"error":{"code":"IAM.0101","message":"x"}}',
        '{"error_code":"APIG.0301","error_msg":"Incorrect IAM authentication information"}',
        '{"question":"what is a token?","answer":"a secret"}',
        '{"token":{"methods":["password"],"user":{"name":"n"}}}',
        "interval=day&page_token=5&top=10",
    ],
)
def test_figures_and_codes_stay(harmless):
    """Names that merely remind of a secret, and error codes."""
    assert masking.text(harmless) == harmless


@pytest.mark.parametrize(
    "body", ['{"code":"%s"}', "grant_type=x&code=%s", "https://x.example/?code=%s&state=1"]
)
def test_codes_of_oauth(body):
    """The code of a grant is masked as a credential."""
    assert SECRET not in masking.text(body % SECRET)


@settings(max_examples=examples(100))
@given(st.text(max_size=300), st.text(alphabet='"\\{}[]:,=& \r\n-atoken', max_size=300))
def test_any_text_is_masked_in_bounded_time(one, other):
    """No input raises an exception."""
    masking.text(one + '"token"' + other)
    masking.text("&token=" + one + other)


def test_endless_names_are_no_trap():
    """Patterns do not run away on long words, open quotes and open brackets."""
    for trap in ('"' + "a_" * 8000, '"token":' + "[" * 8000, '"token":{"' + '\\"' * 8000, '\\"token' * 2000):
        masking.text(trap)


def planted(service) -> list[dict]:
    """Requests that hold the secret wherever one can stand."""
    path = f"/v1/{'a' * 32}/qabots/x/chat" if service.project else f"/{service.name}"
    host = service.hosts[0].replace("*", "cn-north-4")
    common = {"path": path, "headers": {"Host": host}}
    found = [
        {**common, "method": "POST", "query_string": "&".join(f"{name}={SECRET}" for name in NAMES)},
        {**common, "method": "GET", "headers": {"Host": host} | dict.fromkeys(HEADERS, f"Bearer {SECRET}")},
        {**common, "method": "GET", "headers": {"Host": host, "Authorization": SECRET}},
    ]
    return found + [
        {**common, "method": "POST", "data": make(name, SECRET)}
        for make in BODIES.values()
        for name in NAMES[:2]
    ]


@pytest.mark.parametrize("service", registry.services(), ids=lambda service: service.name)
def test_nothing_written_has_a_secret(service, caplog):
    """The secret is not in the journal, its lines, the log or the settings."""
    caplog.set_level("INFO")
    configured = dict.fromkeys(("secret_key", "iam_password", "coze_token", "coze_client_secret"), SECRET)
    client = create_app(Settings(**configured)).test_client()
    for request in planted(service):
        client.open(**request)

    journal: Journal = client.application.extensions["mockcbs"].journal
    written = [entry.line for entry in journal.entries()] + [caplog.text]
    pages = "journal?limit=1000", "settings", "metrics", "webhooks", "console/data/calls"
    written += [client.get(f"/_mockcbs/{page}").text for page in pages]

    assert len(journal.entries()) == len(planted(service))
    assert SECRET not in "\n".join(written)


@pytest.mark.parametrize("path", ["/v1/bots", "/nothing", "/v1/conversation/create", "/bucket/key"])
def test_a_secret_under_ordinary_names(path, caplog):
    """The token of a call is masked wherever else the client or the response repeats it."""
    caplog.set_level("INFO")
    caplog.set_level("INFO", "mockcbs.access")
    client = create_app(Settings()).test_client()

    client.post(
        f"{path}/{SECRET}?note={SECRET}",
        headers={"Authorization": f"Bearer {SECRET}", "X-Note": f"my {SECRET}"},
        json={"note": [SECRET], "password": SECRET},
    )

    (entry,) = client.get("/_mockcbs/journal").json["entries"]
    assert SECRET not in json.dumps(entry) + caplog.text
    assert entry["request"]["query"] == {"note": "***"}
    assert SECRET not in client.get("/_mockcbs/samples", query_string={"entry": entry["id"]}).text


def test_secrets_in_the_urls_of_webhooks(caplog):
    """The log, the settings, the subscriptions and the deliveries show a URL without its secrets."""
    url = f"http://user:{SECRET}@127.0.0.1:9/hook?a=b&token={SECRET}"
    app = create_app(Settings(webhook=(url,), challenge=False, webhook_secret=SECRET))
    client = app.test_client()
    client.post("/_mockcbs/turns", json={"bot": "7" * 19, "question": "a"})

    pages = [client.get(f"/_mockcbs/{page}").text for page in ("settings", "webhooks", "webhooks/deliveries")]

    assert all("127.0.0.1:9/hook?a=b" in page for page in pages)
    assert SECRET not in "".join(pages) + caplog.text


def test_secrets_in_tracebacks(caplog):
    """A bug is logged without the secrets in its message."""
    create_app(Settings())
    try:
        int(f"{{'token': '{SECRET}'}} of https://a.example/?token={SECRET}")
    except ValueError:
        logging.getLogger("mockcbs").exception("a bug with token=%s", SECRET)

    assert "Traceback" in caplog.text
    assert SECRET not in caplog.text


def test_what_answers_hand_out():
    """Tokens in bodies and headers, codes in Location, cookies."""
    journal = Journal(10)
    answer = f'{{"access_token":"{SECRET}","token":{{"id":"{SECRET}"}}}}'
    headers = [
        ("X-Subject-Token", SECRET),
        ("Location", f"https://x.example/?code={SECRET}&state=1"),
        ("Set-Cookie", f"a={SECRET}; Path=/"),
        ("Set-Cookie", f"b={SECRET}"),
    ]
    facts = dict.fromkeys(("service", "operation", "project", "bot", "scope"), None)
    facts |= {
        "method": "GET",
        "path": "/a",
        "raw_query": f"code={SECRET}",
        "raw_headers": {},
        "raw_body": b"",
    }
    facts |= {"raw_body": b"", "status": 200, "raw_response": answer.encode(), "response_headers": headers}
    journal.add(**facts, at=0, duration_ms=1.0)

    (entry,) = journal.entries()

    assert SECRET not in json.dumps(entry.as_dict()) + entry.line
    assert entry.as_dict()["response"]["headers"]["Location"] == "https://x.example/?code=***&state=1"
