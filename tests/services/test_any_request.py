"""Whatever a service is sent, no header is forged; a table service gives a response of its schema or an
error of its catalogue.
"""

import re
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import RAISE

from mockcbs import Settings, create_app
from mockcbs.services import registry
from tests.thoroughness import examples

SERVICES = ["airtable", "tencent_docs"]
NAMES = (
    "fields records id typecast performUpsert fieldsToMergeOn name type options choices tables "
    "workspaceId sort field direction filterByFormula pageSize offset maxRecords view cellFormat "
    "workflow_id input_len description getRecords addRecords updateRecords deleteRecords recordIDs "
    "recordID values limit docid sheet_id key_type text link"
).split()
WORDS = [
    "",
    "x",
    "input_len",
    "rec0123456789ABCD",
    "number",
    "singleSelect",
    "1",
    "{input_len}>1",
    "IF(",
    "asc",
    "string",
    "\ud7ff",
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=5)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)
QUERY = st.dictionaries(
    st.sampled_from(
        [
            *NAMES,
            "fields[]",
            "records[]",
            "sort[0][field]",
            "sort[0][direction]",
            "access_token",
            "client_id",
            "client_secret",
            "grant_type",
            "redirect_uri",
            "response_type",
            "code",
            "corpid",
            "corpsecret",
        ]
    ),
    st.sampled_from([*WORDS, "code", "authorization_code", "http://localhost/"]) | st.text(max_size=5),
    max_size=4,
)
PARTS = {"base_id": "app0123456789ABCD", "table_name": "Reports", "file_id": "DReports0001", "sheet_id": "S"}


@pytest.fixture(scope="module")
def client():
    found = create_app(Settings(now="2025-12-22")).test_client()
    for name in ("AUTHORIZATION", "ACCESS_TOKEN", "CLIENT_ID", "OPEN_ID"):
        found.environ_base[f"HTTP_{name}"] = "Bearer x"
    return found


@pytest.mark.parametrize("name", SERVICES)
@settings(max_examples=examples(150))
@given(data=st.data())
def test_any_request(client, name, data):
    """Any query and any JSON body to any route get a documented response."""
    routes = [rule for rule in client.application.rules() if rule.endpoint.startswith(f"{name}.")]
    rule = data.draw(st.sampled_from(routes))
    method = next(iter(sorted(rule.methods - {"HEAD", "OPTIONS"})))
    path = re.sub(
        "<([a-z_]+)>",
        lambda part: PARTS.get(part[1]) or data.draw(st.sampled_from(["rec0123456789ABCD", "x"])),
        rule.rule,
    )
    body = {} if method == "GET" else {"json": data.draw(JSON)}

    response = client.open(path, method=method, query_string=data.draw(QUERY), **body)

    if response.status_code < 400 and not (response.is_json and is_error(response.json)):
        check_answer(client.application.view_functions[rule.endpoint], response)
    else:
        rows = [row for rows in registry.named(name).catalogues.values() for row in rows]
        assert any(
            (row.status, row.body("", "").keys()) == (response.status_code, response.json.keys())
            for row in rows
        ), response.text


def is_error(body):
    """Whether a body that comes with status 200 tells of an error."""
    return bool(body.get("ret") or body.get("errcode"))


def check_answer(view, response):
    """The body is what the operation documents."""
    (documented,) = vars(view)["_apidoc"]["response"]["responses"][response.status_code]
    if "schema" in documented:
        assert documented["schema"](unknown=RAISE).validate(response.json) == {}


HOSTILE = "a\r\nX-Forged: 1\r\n\r\n\x00\x1b[2J\u0085\u2028\x7f"
"""Ends of lines, NUL and an escape sequence."""
CREDENTIALS = {
    "oss": {"Authorization": "OSS a:b", "Date": "Mon, 22 Dec 2025 00:00:00 GMT"},
    "cbs": {"X-Auth-Token": "any"},
}
NAMES_OF_TEXTS = (
    "state scope login_hint name question prefix marker interval sort page_token x-oss-process "
    "response-content-disposition response-content-type response-expires"
)
TEXTS = dict.fromkeys(NAMES_OF_TEXTS.split(), HOSTILE)
SIGN_IN = {"client_id": "x", "response_type": "code", "redirect_uri": "http://localhost/"}


@pytest.mark.parametrize("name", [service.name for service in registry.services()])
@pytest.mark.parametrize("inside", [HOSTILE, "7342866812345678901"])
def test_no_header_is_forged(name, inside):
    """Line breaks and control characters in paths, queries and bodies reach no header of a response."""
    client = create_app(Settings(now="2025-12-22")).test_client()
    sent = CREDENTIALS.get(name, {"Authorization": "Bearer pat_mockcbs"})
    for rule in client.application.rules():
        if not rule.endpoint.startswith(f"{name}."):
            continue
        path = re.sub("<[^>]+>", quote(inside), rule.rule.partition("?")[0])
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            body = {} if method == "GET" else {"json": TEXTS}
            with client.open(
                path, method=method, query_string={**TEXTS, **SIGN_IN}, headers=sent, **body
            ) as response:
                assert response.status_code != 500
                assert "X-Forged" not in response.headers
                assert all(f"{header}{value}".isprintable() for header, value in response.headers)
