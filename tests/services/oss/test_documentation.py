"""What documents say of OSS."""

import pytest
from defusedxml import ElementTree

from mockcbs.services.oss.documentation import DOCUMENTATION
from tests.services.examples import mock_client, send_example


@pytest.mark.parametrize("operation", ["list_buckets", "put_bucket", "put_object"])
def test_examples_work_at_once(operation):
    """The examples succeed on a mock that has just started, where the bucket exists."""
    assert send_example(f"oss_{operation}").status_code == 200


def test_an_error_has_the_documented_members():
    """An error has the members of the XML document."""
    signed = {"Authorization": "OSS someone:c2lnbmF0dXJl", "Date": "Sun, 22 Nov 2026 00:00:00 GMT"}

    refusal = ElementTree.fromstring(mock_client().get("/nothing-here/none.csv", headers=signed).data)

    members = DOCUMENTATION.error_bodies["oss"]().fields.items()
    assert members
    assert {one.data_key or name for name, one in members if one.required} <= {
        element.tag for element in refusal
    }
