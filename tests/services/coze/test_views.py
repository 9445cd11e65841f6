"""The conventions of all of Coze's calls: envelopes, errors, log ids, streams."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcbs import Settings, create_app
from tests.services.coze.calls import CODES, LOGID, OAUTH
from tests.services.coze.conftest import BOT, DRAFT, FOREIGN, RUN, TOKEN
from tests.thoroughness import examples

FUZZED = create_app(Settings(dataset="coze-sample"))


ROUTES = sorted(
    {(method, rule.rule) for rule in FUZZED.rules() if rule.endpoint.startswith("coze.")
     for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
)  # fmt: skip


def _check(answer):
    """A success or an error as the catalogue has it, in the envelope; or a stream; or a redirect."""
    if answer.mimetype == "text/event-stream" or answer.status_code == 302:
        return
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8", answer.text
    if "error_code" in answer.json:
        assert (answer.status_code, answer.json["error_code"]) in OAUTH
        assert answer.json["error"] == answer.json["error_code"]
    elif "code" in answer.json:
        assert (answer.status_code, answer.json["code"]) in CODES, answer.text
        assert answer.json["detail"] == {"logid": answer.headers["X-Tt-Logid"]}
        assert LOGID.fullmatch(answer.headers["X-Tt-Logid"])
        if answer.json["code"]:
            assert set(answer.json) <= {"code", "msg", "detail", "debug_url", "execute_id"}


SCALARS = [BOT, RUN, "1", "", "text", "user", "[]", '[{"type":"text"}]', None, True, False, 0, 1.5, 2**70]


json_values = st.recursive(
    st.sampled_from(SCALARS) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


MEMBERS = sorted(
    """
    additional_messages after_id auto_save_history before_id bot_id chat_id client_id code
    connector_id connector_ids connector_uid content content_type conversation_id data device_code
    end_date event_id event_type ext feedback_type file_id grant_type granularity interrupt_type
    is_async keywords limit message_id messages meta_data name onboarding_info order page_num
    page_size parameters prompt_info reason_types redirect_uri refresh_token resume_data role
    space_id start_date stream tool_outputs user_id workflow_id workspace_id
    """.split()
)


bodies = st.one_of(
    st.binary(max_size=60),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(st.sampled_from(MEMBERS), json_values, max_size=9).map(
        lambda value: json.dumps(value).encode()
    ),
)


queries = st.dictionaries(
    st.sampled_from(MEMBERS),
    st.one_of(st.text(max_size=20), st.sampled_from([BOT, "1", "2025-12-15"])),
    max_size=5,
)


parts = st.sampled_from(
    [BOT, DRAFT, FOREIGN, RUN, "0000000000004013", "1", "x", "%00", "%FF", "%E4%BD%A0", "٣"]
)


@settings(max_examples=examples(250))
@given(st.sampled_from(ROUTES), st.lists(parts, min_size=4, max_size=4), queries, bodies, st.booleans())
def test_any_bytes_get_a_catalogued_answer(route, ids, query, body, strict):
    """Any request to any route gets a row of the catalogue in Coze's envelope."""
    del strict
    method, rule = route
    path = re.sub(r"<[^>]+>", lambda _: ids.pop(), rule)

    answer = FUZZED.test_client().open(path, method=method, query_string=query, data=body, headers=TOKEN)

    _check(answer)


@settings(max_examples=examples(60))
@given(st.binary(max_size=40), st.text(max_size=20))
def test_any_header_and_path(raw, tail):
    """Any token and any path of Coze get a row of the catalogue."""
    token = raw.decode("latin-1").replace("\r", "").replace("\n", "")

    answer = FUZZED.test_client().get("/v1/bots/" + tail, headers={"Authorization": f"Bearer {token}"})

    _check(answer)


@pytest.mark.parametrize(
    "path",
    ["/v1/bots", "/v1/bot/nope", "/v1/datasets", "/v3/chat/nope", "/v1/conversations//clear", "/open_api/x"],
)
def test_unknown_paths_are_cozes(coze, path):
    """An unknown path that has the form of Coze's gets 404 with 4000, without a check of the token."""
    answer = coze.patch(path) if path == "/v1/bots" else coze.get(path, headers={"Authorization": ""})

    _check(answer)
    assert (answer.status_code, answer.json["code"]) == ((405 if path == "/v1/bots" else 404), 4000)


def test_unknown_paths_are_cozes_by_host(coze):
    """On Coze's hosts, every unknown path gets 404 with 4000."""
    answer = coze.get("/nothing/here", base_url="https://api.coze.cn")

    assert (answer.status_code, answer.json["code"]) == (404, 4000)
