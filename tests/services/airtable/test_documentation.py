"""What documents say of Airtable."""

import pytest

from mockcbs.services.airtable.documentation import DOCUMENTATION
from tests.services.examples import mock_client, send_example


@pytest.mark.parametrize("operation", ["create_records", "list_records", "list_bases", "who_am_i"])
def test_examples_work_at_once(operation):
    """The examples succeed on a mock that has just started."""
    assert send_example(f"airtable_{operation}").status_code == 200


@pytest.mark.parametrize("path", ["/v0/appMockcbs0000001/Reports", "/v0/meta/nothing"])
def test_errors_have_the_documented_body(path):
    """An error is a text, or an object with a type."""
    refusal = mock_client().get(path)

    assert refusal.status_code in {401, 404}
    assert DOCUMENTATION.error_bodies["airtable"]().validate(refusal.json) == {}
