"""Whatever is secret, wherever it stands in a request or an answer, nothing that is kept or shown has it."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from mockcbs.core import masking
from mockcbs.journal.journal import Journal
from mockcbs.services import registry

SECRET = "S3cr3t-Pl4nted"
EVERYWHERE = (
    "access_key access_token ak api_key apikey apiKey app_access_token app_secret app_ticket assertion "
    "client_assertion client_secret clientSecret code_verifier device_code passwd password Password "
    "private_key privateKey refresh_token secret secret_access_key secret_key secretKey security_token "
    "securitytoken session_key sign signature sk tenant_access_token token user_code "
    "webhook_secret X-Amz-Signature x-oss-signature"
).split()
NAMES = sorted({*EVERYWHERE, *(name for service in registry.services() for name in service.secrets.members)})
HEADERS = sorted(
    {
        *("Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-Access-Token", "Api-Key"),
        *(name for service in registry.services() for name in service.secrets.headers),
    }
)


def multipart(name: str, secret: str) -> str:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{secret}\r\n--b--\r\n'


BODIES = {
    "json": lambda name, secret: json.dumps({name: secret, "more": 1}),
    "spaced json": lambda name, secret: json.dumps({"deep": [{name: secret}]}, indent=2),
    "json in json": lambda name, secret: json.dumps({"parameters": json.dumps({name: secret, "b": "c"})}),
    "object": lambda name, secret: json.dumps({name: {"key": secret, "id": secret}}),
    "list": lambda name, secret: json.dumps({name: [secret, secret]}),
    "cut off": lambda name, secret: json.dumps({"a": "b", name: secret})[:-4],
    "form": lambda name, secret: f"a=b&{name}={quote(secret)}&c=d",
    "multipart": multipart,
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("name", NAMES)
def test_every_name_in_every_kind_of_body(name, kind):
    """The secret is masked, and the rest is unchanged."""
    body = BODIES[kind](name, SECRET)

    shown = masking.text(body)

    assert SECRET[:8] not in shown
    assert name in shown
    assert masking.HIDDEN in shown


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


@settings(max_examples=100)
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
        for name in NAMES[:8]
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
    written += [
        client.get(f"/_mockcbs/{page}").text for page in ("journal?limit=1000", "settings", "metrics")
    ]

    assert len(journal.entries()) == len(planted(service))
    assert SECRET not in "\n".join(written)


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
