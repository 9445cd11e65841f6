"""What documents say of Tencent Docs and WeCom."""

import pytest

from mockcbs.services.tencent_docs.documentation import DOCUMENTATION
from tests.services.examples import mock_client, send_example


@pytest.mark.parametrize("operation", ["use_sheet", "get_app_token"])
def test_examples_work_at_once(operation):
    """The examples succeed on a mock that has just started."""
    response = send_example(f"tencent_docs_{operation}")

    assert response.status_code == 200
    assert response.json.get("ret", 0) == 0


@pytest.mark.parametrize(
    ("catalogue", "path"),
    [
        ("tencent_docs", "/openapi/smartbook/v2/files/f/sheets"),
        ("tencent_docs oauth", "/oauth/v2/token"),
        ("wecom", "/cgi-bin/gettoken"),
    ],
)
def test_errors_have_the_documented_body(catalogue, path):
    """Each of the three kinds of calls has its own form of errors."""
    refusal = mock_client().get(path)

    assert DOCUMENTATION.error_bodies[catalogue]().validate(refusal.json) == {}
