"""XML that clients send."""

import pytest

from tests.services.oss.calls import failure


@pytest.mark.parametrize(
    "body",
    [b"", b"<Delete>", b"<Other/>", b'<!DOCTYPE a [<!ENTITY b "c">]><Delete>&b;</Delete>', b"<Delete/>"],
)
def test_xml_that_is_none(bucket, body):
    """Entities of a document type are not expanded either."""
    call = {"data": body, "params": {"delete": ""}}

    assert failure(bucket._do, "POST", "photos", "", **call) == (400, "MalformedXML")
