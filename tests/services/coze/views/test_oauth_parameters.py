"""What documents say of the OAuth endpoints, whose views read their parameters by themselves."""

import pytest

from mockcbs.services.coze.views import oauth_parameters as parameters
from tests.services.coze.calls import TOKEN_URL


def test_every_documented_grant_is_known(coze):
    """A documented grant is refused for a missing parameter, and another one as unknown."""
    schema = parameters.GRANT["content"]["application/json"]["schema"]

    for kind in schema["properties"]["grant_type"]["enum"]:
        answer = coze.post(TOKEN_URL, json={"grant_type": kind})
        assert answer.json["error_code"] != "unsupported_grant_type"
    assert coze.post(TOKEN_URL, json={"grant_type": "x"}).status_code == 400


@pytest.mark.parametrize("name", [one["name"] for one in parameters.CONSENT if one.get("required")])
def test_what_is_documented_as_required_is_missed(coze, name):
    """Consent without it is refused by its name."""
    query = {"client_id": "c", "redirect_uri": "https://example.com", "response_type": "code"}
    assert coze.get("/api/permission/oauth2/authorize", query_string=query).status_code == 302

    answer = coze.get("/api/permission/oauth2/authorize", query_string={**query, name: ""})

    assert answer.status_code == 400
    assert name in answer.headers["X-Mockcbs-Reason"]
