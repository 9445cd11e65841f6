"""Bodies and queries of IAM."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.cbs.requests import TOKEN
from tests.services.iam.logins import TOKENS
from tests.thoroughness import examples


@given(st.binary(max_size=200), st.sampled_from(["POST", "GET"]))
@settings(max_examples=examples(200), deadline=None)
def test_any_body_gets_an_answer_of_iam(app, body, method):
    """Any body that is sent to IAM gets a response in IAM's format."""
    response = app.test_client().open("/v3/auth/tokens", method=method, data=body, headers=TOKEN)

    assert response.json == (
        {"error": {"code": 400, "message": "The request body is invalid", "title": "Bad Request"}}
        if method == "POST"
        else {
            "error": {
                "code": 404,
                "message": "X-Subject-Token is invalid in the request",
                "title": "Not Found",
            }
        }
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"auth":{}}',
        rb'{"auth":{"identity":{"methods":["\ud800"]}}}',
        b'{"auth":{"identity":{"methods":["token"]}}}',
        b'{"auth":{"identity":{"methods":"password"}}}',
        b'{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":1}}}}}',
    ],
)
def test_broken_bodies(client, body):
    """Any broken body gets the response G-18, and the reason names the problem."""
    response = client.post(TOKENS, data=body)

    assert response.status_code == 400
    assert response.json == {
        "error": {"code": 400, "message": "The request body is invalid", "title": "Bad Request"}
    }
    assert response.headers["X-Mockcbs-Reason"]


def test_project_filters(client):
    """Without a name all projects are listed in pages; filters that nothing fits return an empty list."""
    headers = {"X-Auth-Token": "t"}
    projects = client.get("/v3/projects", headers=headers).json["projects"]

    first = client.get("/v3/projects?page=1&per_page=2", headers=headers).json["projects"]
    second = client.get("/v3/projects?page=2&per_page=2", headers=headers).json["projects"]
    none = client.get("/v3/projects?domain_id=x", headers=headers).json["projects"]
    bad = client.get("/v3/projects?per_page=5001", headers=headers)

    assert first + second == projects[:4]
    assert none == client.get("/v3/projects?enabled=false", headers=headers).json["projects"] == []
    assert bad.status_code == 400
    assert client.get("/v3/projects").status_code == 401
